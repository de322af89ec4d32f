import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type RunningLanes, startLanes } from "../testing/start_lanes.ts";

const head = `import { queryGeneric as query, mutationGeneric as mutation } from "convex/server"; import { v } from "convex/values";\n`;

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

files["reuse.ts"] =
  `${head}export const experimental_reuseContext = true; let n = 0; export const f = query(async () => n++);`;

let lanes: RunningLanes;
beforeAll(async () => {
  lanes = await startLanes(files);
});
afterAll(() => lanes.close());

describe("what a call leaves in module state is gone for the next call, and there within the call", () => {
  for (const name of Object.keys(SHAPES)) {
    test.each(["entry", "dep"])(`${name} in %s`, async (place) => {
      for (let call = 0; call < 3; call++) {
        expect(await lanes.value(`${place}_${name}:f`)).toEqual([0, 1]);
      }
    });
  }
});

test("a module that asks for it keeps its state", async () => {
  expect([await lanes.value("reuse:f"), await lanes.value("reuse:f"), await lanes.value("reuse:f")]).toEqual([
    0, 1, 2,
  ]);
});
