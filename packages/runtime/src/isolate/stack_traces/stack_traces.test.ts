import { buildSync } from "esbuild";
import ivm from "isolated-vm";
import { beforeAll, expect, test } from "vitest";
import type { ModuleSource } from "../../lanes/lane.ts";
import { hostCall, realmScript, trueRandom } from "../web/index.ts";
import { mapStack, realmFileName, type SourceMaps, sourceMapsOf, uncaughtResult } from "./index.ts";

const source = `
interface Note { text: string }

export function handler(note: Note): never {
  throw new TypeError(note.text);
}
export async function later(note: Note) {
  await null;
  return deep(note);
}
class Box {
  open(note: Note): never { throw new Error(note.text) }
}
function deep(note: Note) { return new Box().open(note) }
export const readStack = () => { try { handler({ text: "read" }) } catch (error) { return (error as Error).stack } };
`;

let maps: SourceMaps;
let context: ivm.Context;

beforeAll(async () => {
  const built = buildSync({
    stdin: { contents: source, loader: "ts", sourcefile: "messages.ts", resolveDir: "/app/convex" },
    bundle: true,
    format: "esm",
    write: false,
    sourcemap: "external",
    outfile: "/app/out/messages.js",
    absWorkingDir: "/",
  });
  const text = (end: string) => built.outputFiles.find((file) => file.path.endsWith(end))!.text;
  const map = { ...(JSON.parse(text(".map")) as object), sources: ["../convex/messages.ts"] };
  const module: ModuleSource = {
    path: "messages.js",
    source: text("messages.js"),
    sourceMap: JSON.stringify(map),
  };
  maps = sourceMapsOf([module]);
  const snapshot = ivm.Isolate.createSnapshot([{ code: await realmScript(), filename: realmFileName }]);
  const isolate = new ivm.Isolate({ snapshot });
  context = await isolate.createContext();
  const call = hostCall({
    log: () => undefined,
    random: trueRandom,
    mapStack: (payload) => mapStack(payload, maps),
  });
  await context.evalClosure(`globalThis.realm = __tandemRealm; realm.connect($0); realm.begin("query", 0)`, [
    new ivm.Callback(call),
  ]);
  const compiled = await isolate.compileModule(module.source, { filename: "convex:/messages.js" });
  await compiled.instantiate(context, () => {
    throw new Error("nothing is imported");
  });
  await compiled.evaluate();
  await context.global.set("m", compiled.namespace.derefInto());
});

async function uncaught(expression: string) {
  const code = `(async () => ${expression})().then(() => "", (thrown) => realm.describeError(thrown))`;
  const description = await context.eval(code, { promise: true, copy: true, filename: "tandem:test" });
  return uncaughtResult(description as string, maps);
}

test("an uncaught error points into the user's own source", async () => {
  expect(await uncaught(`m.handler({ text: "boom" })`)).toEqual({
    kind: "error",
    message: "Uncaught TypeError: boom\n    at handler (../convex/messages.ts:5:9)\n",
  });
});

test("frames after an await are marked async, methods carry their class", async () => {
  expect((await uncaught(`m.later({ text: "late" })`)).message).toBe(
    "Uncaught Error: late\n    at Box.open (../convex/messages.ts:12:35)\n    at deep (../convex/messages.ts:14:46)\n    at later (../convex/messages.ts:9:10)\n",
  );
});

test("error.stack, read by the user's own code, is mapped too", async () => {
  expect(await context.eval(`m.readStack()`, { filename: "tandem:test" })).toBe(
    "TypeError: read\n    at handler (../convex/messages.ts:5:9)\n    at readStack (../convex/messages.ts:15:40)",
  );
});

test.each([
  [`Promise.reject("text")`, "Uncaught text\n"],
  [`Promise.reject(undefined)`, "Uncaught undefined\n"],
  [`Promise.reject({ a: 1 })`, "Uncaught [object Object]\n"],
  [`Promise.reject(Object.assign(new Error(""), { stack: "x" }))`, "Uncaught Error\n"],
  [`Promise.reject(Object.assign(new Error("m"), { name: "" }))`, "Uncaught m\n"],
  [`Promise.reject({ get stack() { throw 1 }, get message() { throw 2 } })`, "Uncaught Error\n"],
])("%s is told as text", async (expression, message) => {
  expect((await uncaught(expression)).message).toBe(message);
});

test("a message is cut at 64 KiB, between characters", async () => {
  const { message } = await uncaught(`Promise.reject("x" + "é".repeat(40000))`);
  expect(Buffer.byteLength(message)).toBeLessThanOrEqual(65_537);
  expect(message.endsWith("é\n")).toBe(true);
});

test("a module without a map, or with a broken one, keeps its own places", () => {
  const frame = { name: "f", file: "convex:/a.js", line: 3, column: 4, async: false };
  const broken = sourceMapsOf([{ path: "a.js", source: "", sourceMap: "{" }]);
  expect(broken.map(frame)).toEqual(frame);
  expect(mapStack(JSON.stringify([frame, { ...frame, file: "tandem:realm" }]), broken)).toBe(
    "    at f (convex:/a.js:3:4)\n",
  );
});

test("something that fights every look at it is told of all the same", async () => {
  const traps = "{ has() { throw 1; }, get() { throw 2; }, getPrototypeOf() { throw 3; } }";
  expect((await uncaught(`Promise.reject(new Proxy({}, ${traps}))`)).message).toMatch(/^Uncaught/);
});
