import { createContext, createElement, type FC, type ReactNode, useContext } from "react";
import type { ConvexReactClient } from "./client.ts";

const ConvexContext = createContext<ConvexReactClient | undefined>(undefined);

/** The client of the nearest `ConvexProvider` above, `undefined` without one. */
export function useConvex(): ConvexReactClient {
  return useContext(ConvexContext) as ConvexReactClient;
}

/** The client for a hook. @throws Error naming the hook when there is no provider above. */
export function useRequiredConvex(hook: string): ConvexReactClient {
  const client = useContext(ConvexContext);
  if (client === undefined) {
    throw new Error(`Could not find a Convex client: ${hook} needs <ConvexProvider client={...}> above it.`);
  }
  return client;
}

/**
 * Gives the hooks below it their client.
 *
 * @example
 * ```tsx
 * <ConvexProvider client={convex}><App /></ConvexProvider>
 * ```
 */
export const ConvexProvider: FC<{ client: ConvexReactClient; children?: ReactNode }> = ({
  client,
  children,
}) => createElement(ConvexContext.Provider, { value: client }, children);
