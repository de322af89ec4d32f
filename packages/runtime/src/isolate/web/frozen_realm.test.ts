import ivm from "isolated-vm";
import { expect, test } from "vitest";
import { realmFileName } from "../stack_traces/index.ts";
import { hostCall, realmScript, trueRandom } from "./index.ts";

// Everything that can be reached from the global, without running a getter.
const freeze = `
  const seen = new Set([globalThis]);
  const visit = (value) => {
    if ((typeof value !== "object" && typeof value !== "function") || value === null || seen.has(value)) return;
    seen.add(value);
    const descriptors = Object.getOwnPropertyDescriptors(value);
    for (const key of Reflect.ownKeys(descriptors)) for (const part of ["value", "get", "set"]) visit(descriptors[key][part]);
    visit(Object.getPrototypeOf(value));
    if (!ArrayBuffer.isView(value)) Object.freeze(value);
  };
  const globals = Object.getOwnPropertyDescriptors(globalThis);
  for (const key of Reflect.ownKeys(globals)) if (key !== "__tandemRealm") for (const part of ["value", "get", "set"]) visit(globals[key][part]);
  for (const one of [(function* () {})(), (async function* () {})(), [][Symbol.iterator](), new Map().entries(), async () => {}]) visit(Object.getPrototypeOf(one));
  Object.freeze(globalThis);
`;

test("every Web API works in a realm whose intrinsics are frozen", async () => {
  const snapshot = ivm.Isolate.createSnapshot([{ code: await realmScript(), filename: realmFileName }]);
  const isolate = new ivm.Isolate({ snapshot });
  const context = await isolate.createContext();
  const logs: string[] = [];
  const call = hostCall({ log: (line) => logs.push(line), random: trueRandom, mapStack: () => "" });
  await context.evalClosure(
    `"use strict"; globalThis.realm = __tandemRealm; realm.connect($0); realm.begin("query", 0);`,
    [new ivm.Callback(call)],
  );
  await context.eval(`(() => { ${freeze} })()`);
  const body = `
    "use strict";
    const out = [];
    const u = new URL("https://bücher.example/a?b=1"); u.searchParams.append("c", "2"); u.hash = "x"; out.push(u.href);
    out.push(new TextDecoder().decode(new TextEncoder().encode("é")), new TextDecoder("shift_jis").decode(new Uint8Array([0x93, 0xfa])), atob(btoa("x")));
    out.push(structuredClone({ a: new Map([[1, new Error("e")]]) }).a.get(1).message);
    const h = new Headers({ a: "1" }); h.append("b", "2"); out.push([...h].length);
    out.push(await new Response(new Blob(["x"]).stream()).text(), await new Request("http://a", { method: "POST", body: new URLSearchParams({ q: "1" }) }).text());
    const f = new FormData(); f.append("a", new Blob(["y"])); out.push((await new Response(f).text()).includes("filename"));
    const c = new AbortController(); let heard = 0; c.signal.onabort = () => heard++; c.abort(); out.push(heard, c.signal.reason.name);
    const t = new TransformStream({ transform(x, k) { k.enqueue(x + 1) } }); const w = t.writable.getWriter(); w.write(1); w.close(); for await (const x of t.readable) out.push(x);
    const [p, q] = new ReadableStream({ type: "bytes", start(k) { k.enqueue(new Uint8Array([1])); k.close() } }).tee(); for await (const x of p) out.push(x[0]);
    const k = await crypto.subtle.importKey("raw", new Uint8Array(16), { name: "HMAC", hash: "SHA-256" }, true, ["sign"]); out.push((await crypto.subtle.sign("HMAC", k, new Uint8Array(1))).byteLength);
    out.push(crypto.randomUUID().length, new CustomEvent("x", { detail: 1 }).detail, new AsyncLocalStorage().run(3, () => 4));
    console.log({ a: [1] }, new Map([[1, new Error("shown")]])); console.trace(); console.time(); console.timeEnd();
    for (const bad of [() => atob("a"), () => new URL("no"), () => fetch("x"), () => setTimeout(() => {}, 1)]) try { await bad() } catch (e) { out.push(e.name) }
    for (const one of [Response, URL, crypto, ReadableStream.prototype, TextDecoder.prototype, Request.prototype.clone]) out.push(Object.isFrozen(one));
    return out;`;
  const text = await context.eval(`(async () => { ${body} })().then((out) => JSON.stringify(out))`, {
    promise: true,
    copy: true,
  });
  expect(JSON.parse(text as string)).toEqual([
    "https://xn--bcher-kva.example/a?b=1&c=2#x",
    "é",
    "日",
    "x",
    "e",
    2,
    "x",
    "q=1",
    true,
    1,
    "AbortError",
    2,
    1,
    32,
    36,
    1,
    4,
    "InvalidCharacterError",
    "TypeError",
    "Error",
    "Error",
    ...new Array(6).fill(true),
  ]);
  expect(logs).toHaveLength(3);
});
