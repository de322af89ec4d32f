import { posix } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ModuleSource } from "../lanes/lane.ts";
import { bundleFunctions } from "../testing/bundle_functions.ts";
import { type RunningLanes, resultValue, startLanes } from "../testing/start_lanes.ts";

// A maker of queries as convex/server has one, without the rest of it.
const head = `const query = (handler) => Object.assign(() => {}, { isQuery: true, isPublic: true, invokeQuery: async () => JSON.stringify(await handler()) });\n`;

/** Each answers [state before, state after]: within a call it must change, for the next call it must be new. */
const SHAPES: Readonly<Record<string, string>> = {
  letCounter: `let n = 0; export const f = query(async () => [n, ++n]);`,
  constObject: `const cache = {}; export const f = query(async () => [cache.x ?? 0, (cache.x = 1)]);`,
  nestedObject: `const state = { deep: [{ n: 0 }] }; export const f = query(async () => [state.deep[0].n, ++state.deep[0].n]);`,
  array: `const list = []; export const f = query(async () => [list.length, list.push(1)]);`,
  map: `const map = new Map(); export const f = query(async () => { const b = map.size; map.set("a", 1); return [b, map.size]; });`,
  set: `const set = new Set(); export const f = query(async () => { const b = set.size; set.add("a"); return [b, set.size]; });`,
  weakMap: `const key = {}; const map = new WeakMap(); export const f = query(async () => { const b = map.get(key) ?? 0; map.set(key, 1); return [b, map.get(key)]; });`,
  uncurriedMapSet: `const map = new Map(); const put = Function.prototype.call.bind(Map.prototype.set); export const f = query(async () => { const b = map.size; put(map, "a", 1); return [b, map.size]; });`,
  closure: `const counter = (() => { let n = 0; return { get: () => n, add: () => ++n }; })(); export const f = query(async () => [counter.get(), counter.add()]);`,
  closureOverObject: `const next = (() => { const box = { n: 0 }; return () => box.n++; })(); export const f = query(async () => [next(), next()]);`,
  closureInLoop: `const fns = []; for (let i = 0; i < 1; i++) { const box = { n: 0 }; fns.push(() => box.n++); } export const f = query(async () => [fns[0](), fns[0]()]);`,
  functionMemo: `function memo() { return (memo.n = (memo.n ?? -1) + 1); } export const f = query(async () => [memo(), memo()]);`,
  classStatic: `class Counter { static n = 0; } export const f = query(async () => [Counter.n, ++Counter.n]);`,
  staticPrivate: `class Counter { static #n = 0; static add() { return Counter.#n++; } } export const f = query(async () => [Counter.add(), Counter.add()]);`,
  privateField: `class Counter { #n = 0; add() { return this.#n++; } } const c = new Counter(); export const f = query(async () => [c.add(), c.add()]);`,
  privateObject: `class Cache { #o = {}; add() { return (this.#o.n = (this.#o.n ?? -1) + 1); } } const c = new Cache(); export const f = query(async () => [c.add(), c.add()]);`,
  boundThis: `const add = function () { return this.n++; }.bind({ n: 0 }); export const f = query(async () => [add(), add()]);`,
  arrowThis: `class Foo { n = 0; add = () => this.n++; } const add = new Foo().add; export const f = query(async () => [add(), add()]);`,
  constructorArrowThis: `function Foo() { this.n = 0; return () => this.n++; } const add = Foo.call({}); export const f = query(async () => [add(), add()]);`,
  cachedPromise: `let p; const load = async () => ({ n: 0 }); export const f = query(async () => { p ??= load(); const o = await p; return [o.n, ++o.n]; });`,
  constPromise: `const p = Promise.resolve({ n: 0 }); export const f = query(async () => { const o = await p; return [o.n, ++o.n]; });`,
  globalThis: `export const f = query(async () => [globalThis.leak ?? 0, (globalThis.leak = 1)]);`,
  bareGlobal: `export const f = query(async () => { const b = typeof leaked === "undefined" ? 0 : leaked; globalThis.leaked = 1; return [b, leaked]; });`,
  prototype: `export const f = query(async () => { const b = ({}).leak ?? 0; Object.prototype.leak = 1; return [b, ({}).leak]; });`,
  arrayPrototype: `export const f = query(async () => { const b = [].leak ?? 0; Array.prototype.leak = 1; return [b, [].leak]; });`,
  intrinsic: `export const f = query(async () => { const b = Math.leak ?? 0; Math.leak = 1; return [b, Math.leak]; });`,
  lastIndex: `const re = /a/g; export const f = query(async () => { const b = re.lastIndex; re.exec("ba"); return [b === 0 ? 0 : 9, re.lastIndex === 2 ? 1 : 9]; });`,
  regexpStatics: `export const f = query(async () => { const b = RegExp.$1 === "" ? 0 : 9; /(x)/.exec("x"); return [b, RegExp.$1 === "x" ? 1 : 9]; });`,
  date: `const d = new Date(0); export const f = query(async () => { const b = d.getTime(); d.setTime(1); return [b, d.getTime()]; });`,
  typedArray: `const a = new Uint8Array(1); export const f = query(async () => [a[0], ++a[0]]);`,
  generator: `function* count() { let n = 0; for (;;) yield n++; } const g = count(); export const f = query(async () => [g.next().value, g.next().value]);`,
  arrayIterator: `const i = [0, 1, 2, 3, 4, 5].values(); export const f = query(async () => [i.next().value, i.next().value]);`,
  urlObject: `const u = new URL("http://a/0"); export const f = query(async () => { const b = +u.pathname.slice(1); u.pathname = "/1"; return [b, +u.pathname.slice(1)]; });`,
  proxyTarget: `const p = new Proxy({ n: 0 }, {}); export const f = query(async () => [p.n, ++p.n]);`,
  proxyHandler: `const h = { n: 0, get() { return h.n++; } }; const p = new Proxy({}, h); export const f = query(async () => [p.x, p.x]);`,
  accessor: `const o = (() => { let n = 0; return { get x() { return n; }, set x(v) { n = v; } }; })(); export const f = query(async () => [o.x, (o.x = 1)]);`,
  symbolKey: `const k = Symbol(); const o = {}; export const f = query(async () => [o[k] ?? 0, (o[k] = 1)]);`,
  errorObject: `const e = new Error("x"); export const f = query(async () => [e.n ?? 0, (e.n = 1)]);`,
  reflectSetOnMemo: `const o = Object.create({ n: 0 }); export const f = query(async () => [o.n, ++o.n]);`,
  weakMapValue: `const key = {}; const map = new WeakMap([[key, { n: 0 }]]); export const f = query(async () => [map.get(key).n, ++map.get(key).n]);`,
  weakRef: `const ref = new WeakRef({ n: 0 }); export const f = query(async () => [ref.deref().n, ++ref.deref().n]);`,
  wrappedIterator: `const i = Iterator.from({ n: 0, next() { return { done: false, value: this.n++ }; } }); export const f = query(async () => [i.next().value, i.next().value]);`,
  segmentIterator: `const i = new Intl.Segmenter().segment("0123456789")[Symbol.iterator](); export const f = query(async () => [+i.next().value.segment, +i.next().value.segment]);`,
  revocableHandler: `const { proxy } = Proxy.revocable({}, { n: 0, get() { return this.n++; } }); export const f = query(async () => [proxy.x, proxy.x]);`,
  revocableProxy: `const { proxy, revoke } = Proxy.revocable({ n: 0 }, {}); export const f = query(async () => { const b = proxy.n; revoke(); try { return [b, proxy.n]; } catch { return [b, 1]; } });`,
  privateFieldOfAnother: `class Node { #n = 0; constructor(other) { if (other) other.#n++; } get n() { return this.#n; } } const root = new Node(); export const f = query(async () => { const b = root.n; new Node(root); return [b, root.n]; });`,
  privateFieldInInitializer: `class Node { #n = 0; other = Node.root && Node.root.#n++; static root = null; static { Node.root = new Node(); } get n() { return this.#n; } } export const f = query(async () => { const b = Node.root.n; new Node(); return [b, Node.root.n]; });`,
  privateFieldFromInnerClass: `class Outer { #n = 0; static Inner = class { static add(o) { return o.#n++; } }; } const o = new Outer(); export const f = query(async () => [Outer.Inner.add(o), Outer.Inner.add(o)]);`,
  className: `const next = (() => { class K { static box = { n: 0 }; static next() { return K.box.n++; } } return K.next; })(); export const f = query(async () => [next(), next()]);`,
  staticArrowThis: `const next = (class { static box = { n: 0 }; static next = () => this.box.n++; }).next; export const f = query(async () => [next(), next()]);`,
  functionName: `const next = (function g() { g.n = 0; return () => g.n++; })(); export const f = query(async () => [next(), next()]);`,
  webAssemblyGlobal: `const g = new WebAssembly.Global({ value: "i32", mutable: true }, 0); export const f = query(async () => [g.value, ++g.value]);`,
  webAssemblyInstance: `const bytes = Uint8Array.of(0,97,115,109,1,0,0,0,1,5,1,96,0,1,127,3,2,1,0,6,6,1,127,1,65,0,11,7,5,1,1,110,0,0,10,13,1,11,0,35,0,35,0,65,1,106,36,0,11); const { n } = new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports; export const f = query(async () => [n(), n()]);`,
  singletonInSwitch: `let box; switch (1) { case 1: { const inner = { n: 0 }; box = () => inner.n++; } } export const f = query(async () => [box(), box()]);`,
};

const files: Record<string, string> = {};
for (const [name, code] of Object.entries(SHAPES)) {
  files[`entry_${name}.ts`] = head + code;
  // The same in a chunk that two entries share.
  const inner = code.replace(/export const f = query\(([\s\S]*)\);$/, "export const run = $1;");
  files[`lib_${name}.ts`] = inner;
  files[`dep_${name}.ts`] = `${head}import { run } from "./lib_${name}.ts"; export const f = query(run);`;
}
files["import_phase.ts"] =
  `${head}const at = [Date.now(), Math.random()]; let calls = 0; export const f = query(async () => [...at, ++calls]);`;
files["reuse.ts"] =
  `${head}export const experimental_reuseContext = true; let n = 0; export const f = query(async () => n++);`;

let running: RunningLanes;
let modules: readonly ModuleSource[];
beforeAll(async () => {
  running = await startLanes({ "none.ts": "export {};" });
  modules = await bundleFunctions(files);
});
afterAll(() => running.close());

/** The module and what it imports. */
function graphOf(path: string): ModuleSource[] {
  const module = modules.find((one) => one.path === path)!;
  const imported = [...module.source.matchAll(/from\s*"(\.[^"]*)"/g)].map(([, specifier]) =>
    posix.join(posix.dirname(path), specifier!),
  );
  return [module, ...imported.flatMap(graphOf)];
}

/**
 * Three calls of a module in a version of its own: a module that moves down a way takes with it what it imports (the
 * helpers of the bundler, for one), and that takes all the others, which would prove nothing any more.
 */
async function threeCalls(name: string): Promise<unknown[]> {
  await load(name, name, 1_700_000_000_000);
  const results = [await call(name, name), await call(name, name), await call(name, name)];
  running.lanes.retire(name);
  return results;
}

function load(id: string, name: string, importClock: number): Promise<void> {
  const f = { name: "f", kind: "query", visibility: "public", args: { type: "any" }, returns: null } as const;
  const analysis = [{ path: `${name}.js`, functions: [{ ...f, position: null }] }];
  return running.lanes.load({ id, modules: graphOf(`${name}.js`), analysis, importClock, importSeed: id });
}

async function call(version: string, name: string): Promise<unknown> {
  return resultValue((await running.query(`${name}:f`, {}, { version })).result);
}

describe("what a call leaves in module state is gone for the next call, and there within the call", () => {
  for (const name of Object.keys(SHAPES)) {
    test.each(["entry", "dep"])(`${name} in %s`, async (place) => {
      expect(await threeCalls(`${place}_${name}`)).toEqual([
        [0, 1],
        [0, 1],
        [0, 1],
      ]);
    });
  }
});

test("a module that asks for it keeps its state", async () => {
  expect(await threeCalls("reuse")).toEqual([0, 1, 2]);
});

test("modules see the time and the chance of their own push, also while another version is called", async () => {
  await load("one", "import_phase", 1000);
  await load("two", "import_phase", 2000);
  const [one, two] = [await call("one", "import_phase"), await call("two", "import_phase")];
  expect(one).toEqual([1000, expect.any(Number), 1]);
  expect(two).toEqual([2000, expect.any(Number), 1]);
  expect(await call("one", "import_phase")).toEqual(one);
  expect(await call("two", "import_phase")).toEqual(two);
});
