/** Inside the isolate: `globalThis.Convex` as an action sees it (R §1.3, §1.6). Part of the realm script. */
import { askHost } from "../isolate/web/bridge.ts";
import { network } from "../isolate/web/lazy_groups.ts";

interface ActionFunction {
  readonly isAction?: boolean;
  invokeAction?(requestId: string, args: string): Promise<string>;
}

/** The `Convex` object of actions. */
export function createActionAbi(): object {
  return {
    syscall(operation: string): string {
      if (operation === "1.0/componentArgument") {
        throw new Error("The app itself has no component arguments; only a component has them.");
      }
      throw new Error(`Unknown operation ${operation}`);
    },
    asyncSyscall(operation: string, args: string): Promise<string> {
      return askHost(operation, args);
    },
    jsSyscall(operation: string, argument: unknown): unknown {
      switch (operation) {
        case "requestFromConvexJson":
          return network().requestFromConvexJson((argument as { convexJson: unknown }).convexJson);
        case "convexJsonFromResponse":
          return network().responseToConvexJson((argument as { response: unknown }).response);
        default:
          throw new Error(`Unknown operation ${operation}`);
      }
    },
  };
}

/**
 * Runs the exported action. Resolves to `+` and the JSON text of its result, or `-` and the JSON text of an
 * `ErrorDescription`; never rejects.
 */
export async function invokeAction(
  exported: unknown,
  requestId: string,
  args: string,
  describe: (thrown: unknown) => string,
): Promise<string> {
  try {
    const action = exported as ActionFunction;
    return `+${await action.invokeAction!(requestId, args)}`;
  } catch (thrown) {
    return `-${describe(thrown)}`;
  }
}
