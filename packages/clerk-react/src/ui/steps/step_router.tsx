import { type ReactNode, useCallback, useMemo } from "react";
import { useMounted } from "../mounted.ts";
import { useHashSteps } from "./hash_steps.ts";
import { usePathSteps } from "./path_steps.ts";
import { type Steps, StepsContext, useSteps } from "./steps.ts";
import { useVirtualSteps } from "./virtual_steps.ts";

/** How a component keeps its step (F §7.3). */
export type RoutingProps = { routing?: "path" | "hash" | "virtual"; path?: string };

/** Keeps the step where `routing` says; a `path` alone means path routing. */
export function StepRouter(props: RoutingProps & { first?: string; children: ReactNode }): ReactNode {
  const { routing = props.path === undefined ? "hash" : "path", path, first = "", children } = props;
  switch (routing) {
    case "virtual":
      return <VirtualRouter first={first}>{children}</VirtualRouter>;
    case "path":
      if (path === undefined) {
        throw new Error('routing="path" needs the path on which the component is shown: path="/sign-in".');
      }
      return <PathRouter path={path}>{children}</PathRouter>;
    case "hash":
      return <HashRouter>{children}</HashRouter>;
    default:
      routing satisfies never;
      throw new Error(`routing="${String(routing)}" is not known; it is "hash", "path" or "virtual".`);
  }
}

function VirtualRouter(props: { first: string; children: ReactNode }): ReactNode {
  return <Provided steps={useVirtualSteps(props.first)}>{props.children}</Provided>;
}

function PathRouter(props: { path: string; children: ReactNode }): ReactNode {
  return <Provided steps={usePathSteps(props.path)}>{props.children}</Provided>;
}

function HashRouter(props: { children: ReactNode }): ReactNode {
  return <Provided steps={useHashSteps()}>{props.children}</Provided>;
}

function Provided(props: { steps: Steps; children: ReactNode }): ReactNode {
  const { step, go } = props.steps;
  const mounted = useMounted();
  const steps = useMemo(
    () => ({
      step,
      // An answer that comes when people have gone elsewhere must not bring them back.
      go: (next: string, options?: { replace?: boolean }) => {
        if (mounted.current) {
          go(next, options);
        }
      },
    }),
    [step, go, mounted],
  );
  return <StepsContext.Provider value={steps}>{props.children}</StepsContext.Provider>;
}

/** The steps of a component within another's: those below `prefix`, such as `"create"`. */
export function NestedSteps(props: { prefix: string; children: ReactNode }): ReactNode {
  const { step, go } = useSteps();
  const { prefix } = props;
  const nested = useCallback(
    (next: string, options?: { replace?: boolean }) =>
      go(next === "" ? prefix : `${prefix}/${next}`, options),
    [go, prefix],
  );
  return <Provided steps={{ step: step.slice(prefix.length + 1), go: nested }}>{props.children}</Provided>;
}
