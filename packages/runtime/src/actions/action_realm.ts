import "../isolate/v8_flags.ts";
import ivm from "isolated-vm";
import type { SourceMaps } from "../isolate/stack_traces/index.ts";
import { mapStack, realmFileName } from "../isolate/stack_traces/index.ts";
import { hostCall, realmScript } from "../isolate/web/index.ts";

/** How one action's isolate reaches the host. */
export interface ActionBridge {
  readonly log: (payload: string) => void;
  readonly random: (length: number) => Uint8Array;
  readonly maps: SourceMaps;
  /** Operations that are answered later, by `settle`; an id of -1 wants no answer. */
  readonly start: (id: number, operation: string, payload: string) => void;
}

/** An isolate of one action with its realm, before any user code. */
export interface ActionRealm {
  readonly isolate: ivm.Isolate;
  readonly context: ivm.Context;
  connect(bridge: ActionBridge): Promise<void>;
  /** `environment` is JSON text, `importClock` in milliseconds. */
  begin(environment: string, importClock: number): Promise<void>;
  invoke(exported: ivm.Reference<unknown>, requestId: string, args: string): Promise<string>;
  settle(id: number, answer: string): Promise<void>;
  fireTimer(id: number): Promise<void>;
  pendingOperations(): Promise<string[]>;
}

/** The snapshot that the isolates of actions start from. Made once per process. */
export async function createActionSnapshot(): Promise<ivm.ExternalCopy<ArrayBuffer>> {
  const code = await realmScript();
  return ivm.Isolate.createSnapshot([{ code, filename: realmFileName }]);
}

// One function per need, so that a call across the border is one apply on a reference that is at hand.
const face = `
  const realm = globalThis.__tandemRealm;
  delete globalThis.__tandemRealm;
  globalThis.Convex = realm.createActionAbi();
  return {
    connect: (call, start) => realm.connect(call, start),
    begin: (environment, importClock) => { realm.setEnvironment(environment); realm.begin("import", importClock); },
    invoke: (exported, requestId, args, importClock) => {
      realm.enter("action", importClock);
      return realm.invokeAction(exported, requestId, args, realm.describeError);
    },
    settle: (id, answer) => realm.settle(id, answer),
    fireTimer: (id) => realm.fireTimer(id),
    pending: () => JSON.stringify(realm.pendingOperations()),
  };
`;

/**
 * @param memoryMegabytes what the isolate's heap may hold before it dies alone
 * @param broke called when V8 gives the isolate up; the promises that wait for it are never answered
 */
export async function createActionRealm(
  snapshot: ivm.ExternalCopy<ArrayBuffer>,
  memoryMegabytes: number,
  broke: () => void,
): Promise<ActionRealm> {
  // Without a listener V8 would end the whole process when one allocation does not fit under the limit. With one,
  // the thread of that isolate stops for good and the others go on.
  const isolate = new ivm.Isolate({ snapshot, memoryLimit: memoryMegabytes, onCatastrophicError: broke });
  const context = await isolate.createContext();
  const functions: ivm.Reference<Record<string, unknown>> = await context.evalClosure(face, [], {
    result: { reference: true },
    filename: realmFileName,
  });
  const names = ["connect", "begin", "invoke", "settle", "fireTimer", "pending"] as const;
  const found = await Promise.all(names.map((name) => functions.get(name, { reference: true })));
  const [connect, begin, invoke, settle, fireTimer, pending] = found as unknown as ivm.Reference<
    (...parameters: unknown[]) => unknown
  >[];
  let clockAtImport = 0;
  return {
    isolate,
    context,
    async connect(bridge) {
      const call = hostCall({
        log: bridge.log,
        random: bridge.random,
        mapStack: (payload) => mapStack(payload, bridge.maps),
      });
      await connect!.apply(undefined, [
        new ivm.Callback(call),
        new ivm.Callback(bridge.start, { ignored: true }),
      ]);
    },
    async begin(environment, importClock) {
      clockAtImport = importClock;
      await begin!.apply(undefined, [environment, importClock]);
    },
    async invoke(exported, requestId, args) {
      const parameters = [exported.derefInto(), requestId, args, clockAtImport];
      return (await invoke!.apply(undefined, parameters, {
        result: { promise: true, copy: true },
      })) as string;
    },
    async settle(id, answer) {
      await settle!.apply(undefined, [id, answer]);
    },
    async fireTimer(id) {
      await fireTimer!.apply(undefined, [id]);
    },
    async pendingOperations() {
      return JSON.parse((await pending!.apply(undefined, [])) as string) as string[];
    },
  };
}
