import type { Clerk, ClerkConstructorOptions, ClerkOptions, Resources } from "@tandem/clerk-js";
import {
  type ReactNode,
  useCallback,
  useContext,
  useInsertionEffect,
  useMemo,
  useRef,
  useSyncExternalStore,
} from "react";
import { ClerkContext } from "./clerk_context.ts";
import { clerkFor } from "./instance.ts";
import { Modals } from "./modals.tsx";
import { OptionsContext } from "./options_context.ts";
import type { Appearance } from "./ui/appearance.ts";
import type { Localization } from "./ui/localization.ts";

/**
 * Props that Clerk's provider has for what this package does not do: fetching
 * scripts from elsewhere, telemetry. They are taken, so that apps need no change.
 */
type InertProps = {
  telemetry?: unknown;
  clerkJSUrl?: string;
  clerkJSVersion?: string;
  clerkJSVariant?: "headless" | "";
  nonce?: string;
  sdkMetadata?: unknown;
  standardBrowser?: boolean;
  experimental?: object;
  prefetchUI?: boolean;
  scriptLoadTimeout?: number;
  Clerk?: unknown;
  ui?: unknown;
  routerDebug?: boolean;
  newSubscriptionRedirectUrl?: string | null;
  unsafe_disableDevelopmentModeConsoleWarning?: boolean;
};

export type ClerkProviderProps = ClerkOptions &
  ClerkConstructorOptions &
  InertProps & {
    /** From the API keys page of the dashboard; without it, Vite's `VITE_CLERK_PUBLISHABLE_KEY`. */
    publishableKey?: string;
    appearance?: Appearance;
    localization?: Localization;
    children?: ReactNode;
  };

/**
 * Makes the client and its state available to everything below (F §7.1). Of its
 * props only `appearance` and `localization` may change while it is mounted; another
 * `publishableKey` is another client.
 *
 * @example
 * ```tsx
 * <ClerkProvider publishableKey={import.meta.env.VITE_CLERK_PUBLISHABLE_KEY}>
 *   <App />
 * </ClerkProvider>
 * ```
 *
 * @throws Error when the key is missing or malformed, or when it is within another provider
 */
export function ClerkProvider({
  children,
  publishableKey = keyOfEnvironment(),
  appearance,
  localization,
  proxyUrl,
  domain,
  ...options
}: ClerkProviderProps): ReactNode {
  if (useContext(ClerkContext) !== undefined) {
    throw new Error(
      "@clerk/clerk-react: a <ClerkProvider> is within another one. An app needs one, around everything.",
    );
  }
  const clerk = useClient(publishableKey, { proxyUrl, domain });
  const first = useRef(options);
  // Earlier than the effects of components, which may ask the client for something right away.
  useInsertionEffect(() => {
    clerk.load(first.current).catch((error) => console.error(error));
  }, [clerk]);
  const resources = useResources(clerk);
  const value = useMemo(() => ({ clerk, resources }), [clerk, resources]);
  const ui = useMemo(() => ({ appearance, localization }), [appearance, localization]);
  return (
    <ClerkContext.Provider value={value}>
      <OptionsContext.Provider value={ui}>
        <Modals />
        {children}
      </OptionsContext.Provider>
    </ClerkContext.Provider>
  );
}

function useClient(publishableKey: string | undefined, options: ClerkConstructorOptions): Clerk {
  const { proxyUrl, domain } = options;
  return useMemo(() => {
    try {
      return clerkFor(publishableKey ?? "", { proxyUrl, domain });
    } catch (error) {
      throw new Error(`@clerk/clerk-react: ${(error as Error).message}`, { cause: error });
    }
  }, [publishableKey, proxyUrl, domain]);
}

/** The client's state, undefined until it has loaded; the provider draws anew at every change. */
function useResources(clerk: Clerk): Resources | undefined {
  const snapshot = useRef<{ clerk: Clerk; resources: Resources } | undefined>(undefined);
  const subscribe = useCallback(
    (changed?: () => void) =>
      clerk.addListener((resources) => {
        snapshot.current = { clerk, resources };
        changed?.();
      }),
    [clerk],
  );
  const read = (): Resources | undefined => {
    if (snapshot.current?.clerk !== clerk) {
      snapshot.current = undefined;
      // A client that has loaded, below another provider or by hand, says at once what it knows.
      subscribe()();
    }
    return snapshot.current?.resources;
  };
  return useSyncExternalStore(subscribe, read, () => undefined);
}

function keyOfEnvironment(): string | undefined {
  return (import.meta as { env?: Record<string, string | undefined> }).env?.VITE_CLERK_PUBLISHABLE_KEY;
}
