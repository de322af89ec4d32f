import type { RealmMode } from "./bridge.ts";

/**
 * What the realm script leaves at `globalThis.__tandemRealm`, inside the isolate. The host takes a reference to it
 * right after it made a context and deletes the global before any user code runs.
 *
 * In order: `connect` once per context, `setEnvironment` when it changed, `begin` before each call.
 */
export interface Realm {
  /**
   * Joins the context to the host. `call` answers at once; `start` (actions only) is answered later by `settle`,
   * or never when its id is -1. See `HostOperations` for what is asked.
   */
  connect(
    call: (operation: string, payload: string) => string,
    start?: (id: number, operation: string, payload: string) => void,
  ): void;
  /** A new call: clears the console's count, timers, open operations. `importClock` in ms since the epoch. */
  begin(mode: RealmMode, importClock: number): void;
  /** Goes from evaluating modules to running the function, within one call. */
  enter(mode: RealmMode, importClock: number): void;
  /** JSON text of `{NAME: value}`. */
  setEnvironment(json: string): void;
  /** Where `crypto.getRandomValues` and `randomUUID` take bytes from; `null` asks the host (`random`). */
  setRandomSource(source: ((length: number) => Uint8Array) | null): void;
  /** One operation of the host with an answer: how `Convex.asyncSyscall` of an action is made. */
  askHost(operation: string, payload: string): Promise<string>;
  settle(id: number, answer: string): void;
  fireTimer(id: number): void;
  /** JSON text of an `ErrorDescription` (stack_traces/describe.ts) for whatever was thrown. */
  describeError(thrown: unknown): string;
  /** The frames of an error, unmapped, for who needs them in the isolate. */
  rawStack(error: object): unknown;
  /** Names of what was begun and has not been answered. */
  pendingOperations(): string[];
  /** The `Convex` object of an action. */
  createActionAbi(): object;
  /** Calls an exported action; resolves to `+result` or `-description`, and never rejects. */
  invokeAction(
    exported: unknown,
    requestId: string,
    args: string,
    describe: (thrown: unknown) => string,
  ): Promise<string>;
  /** Of `Convex.jsSyscall("requestFromConvexJson", {convexJson})`: takes the inner object (R §1.3). */
  requestFromConvexJson(convexJson: unknown): unknown;
  /** Of `Convex.jsSyscall("convexJsonFromResponse", {response})`: takes the response. */
  responseToConvexJson(response: unknown): Promise<unknown>;
}
