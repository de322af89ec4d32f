import ivm from "isolated-vm";
import { mapStack, realmFileName, sourceMapsOf } from "../stack_traces/index.ts";
import { hostCall, realmScript, trueRandom } from "./index.ts";

/** A realm for tests: runs a text as the body of an async function and answers its JSON. */
export interface TestRealm {
  readonly logs: string[];
  run(body: string): Promise<unknown>;
}

export async function startTestRealm(mode: "query" | "action"): Promise<TestRealm> {
  const snapshot = ivm.Isolate.createSnapshot([{ code: await realmScript(), filename: realmFileName }]);
  const isolate = new ivm.Isolate({ snapshot, memoryLimit: 128 });
  const context = await isolate.createContext();
  const logs: string[] = [];
  const maps = sourceMapsOf([]);
  const call = hostCall({
    log: (payload) => logs.push(payload),
    random: trueRandom,
    mapStack: (payload) => mapStack(payload, maps),
  });
  await context.evalClosure(
    `const realm = __tandemRealm; realm.connect($0); realm.begin($1, 1000); realm.setEnvironment('{"SITE":"here"}');
     globalThis.describeForTest = (thrown) => realm.describeError(thrown);`,
    [new ivm.Callback(call), mode],
  );
  return {
    logs,
    async run(body) {
      const text = await context.eval(
        `(async () => { ${body} })().then(v => JSON.stringify(v), e => { throw new Error(e.name + ": " + e.message) })`,
        { promise: true, copy: true, filename: "convex:/test.js" },
      );
      return text === undefined ? undefined : JSON.parse(text as string);
    },
  };
}
