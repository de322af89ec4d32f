import { beforeAll, describe, expect, test } from "vitest";
import { startTestRealm, type TestRealm } from "./test_realm.ts";

let realm: TestRealm;
beforeAll(async () => {
  realm = await startTestRealm("query");
});

/** Runs the same text here, in Node, and there; both must answer the same. */
async function same(body: string): Promise<void> {
  const here = (await new Function(`return (async () => { ${body} })()`)()) as unknown;
  expect(await realm.run(body)).toEqual(JSON.parse(JSON.stringify(here)));
}

describe("a function sees the Web APIs as Node has them", () => {
  test.each([
    [
      "absolute",
      `const u = new URL("https://user:pa%20ss@Example.COM:8080/a/../b?x=1&y=%20#h"); return [u.href, u.origin, u.username, u.port, u.pathname, u.search, u.hash, [...u.searchParams]];`,
    ],
    ["relative", `return new URL("../c?d", "http://h/a/b/").href;`],
    [
      "international",
      `return [new URL("https://bücher.example/straße").href, new URL("https://xn--bcher-kva.example").host, new URL("https://日本.jp").hostname];`,
    ],
    [
      "setters",
      `const u = new URL("http://a/b"); u.pathname = "/x y"; u.searchParams.append("q", "é&"); u.hash = "z"; return [u.href, URL.canParse("nope"), URL.canParse("a:b")];`,
    ],
    [
      "parameters",
      `const p = new URLSearchParams([["b","2"],["a","1 +"]]); p.sort(); p.append("a", "ü"); return [p.toString(), p.getAll("a"), p.size, p.has("b")];`,
    ],
  ])("URL: %s", async (_, body) => await same(body));

  test("a bad URL is a TypeError", async () => {
    await same(`try { new URL("nope") } catch (e) { return e instanceof TypeError }`);
  });

  test.each([
    [
      "utf-8",
      `const t = new TextEncoder().encode("héllo 👋"); return [[...t], new TextDecoder().decode(t), [...new TextEncoder().encode("\\ud800")]];`,
    ],
    [
      "into",
      `const b = new Uint8Array(5); const r = new TextEncoder().encodeInto("aé👋", b); return [r, [...b]];`,
    ],
    ["broken", `return new TextDecoder().decode(new Uint8Array([0xff, 0x61, 0xe2, 0x82]));`],
    [
      "fatal",
      `try { new TextDecoder("utf-8", { fatal: true }).decode(new Uint8Array([0xff])) } catch (e) { return e instanceof TypeError }`,
    ],
    [
      "utf-16",
      `return new TextDecoder("utf-16le").decode(new Uint8Array([0x68, 0, 0x3d, 0xd8, 0x4b, 0xdc]));`,
    ],
    ["latin1", `return new TextDecoder("latin1").decode(new Uint8Array([0x80, 0xe9]));`],
    ["shift_jis", `return new TextDecoder("shift_jis").decode(new Uint8Array([0x93, 0xfa, 0x96, 0x7b]));`],
    [
      "streaming",
      `const d = new TextDecoder(); return d.decode(new Uint8Array([0xf0, 0x9f]), { stream: true }) + d.decode(new Uint8Array([0x91, 0x8b]));`,
    ],
  ])("encodings: %s", async (_, body) => await same(body));

  test.each([
    ["both ways", `return [btoa("hällo\\x00"), atob("aGVsbG8="), atob(" aGVs bG8 "), atob("YQ")];`],
    ["too wide", `try { btoa("€") } catch (e) { return [e.name, e.code, e instanceof DOMException] }`],
    ["broken", `try { atob("a") } catch (e) { return [e.name, e.code] }`],
  ])("base64: %s", async (_, body) => await same(body));

  test.each([
    [
      "graphs",
      `const a = { d: new Date(5), m: new Map([[1, new Set(["x"])]]), u: new Uint8Array([1, 2]), r: /a/gi }; a.self = a; const b = structuredClone(a); return [b.self === b, b !== a, b.d.getTime(), [...b.m.get(1)], [...b.u], String(b.r)];`,
    ],
    [
      "errors",
      `const e = structuredClone(new RangeError("no")); return [e instanceof RangeError, e.message];`,
    ],
    ["functions", `try { structuredClone({ f() {} }) } catch (e) { return e.name }`],
    [
      "views share a buffer",
      `const buf = new ArrayBuffer(4); const c = structuredClone([new Uint8Array(buf, 1, 2), buf]); return [c[0].buffer === c[1], c[0].byteOffset, c[0].length];`,
    ],
  ])("structuredClone: %s", async (_, body) => await same(body));

  test.each([
    [
      "order and case",
      `const h = new Headers({ B: "1", a: " 2 " }); h.append("A", "3"); h.append("Set-Cookie", "x=1"); h.append("set-cookie", "y=2"); return [[...h], h.get("a"), h.getSetCookie(), h.has("SET-COOKIE")];`,
    ],
    [
      "illegal",
      `const out = []; for (const [n, v] of [["a b", "c"], ["a", "b\\nc"]]) try { new Headers([[n, v]]); out.push(true) } catch (e) { out.push(e instanceof TypeError) } return out;`,
    ],
  ])("Headers: %s", async (_, body) => await same(body));

  test.each([
    [
      "json",
      `const r = Response.json({ a: 1 }, { status: 201 }); return [r.status, r.ok, r.headers.get("content-type"), await r.json(), r.bodyUsed];`,
    ],
    [
      "twice",
      `const r = new Response("x"); await r.text(); try { await r.text() } catch (e) { return e instanceof TypeError }`,
    ],
    ["clone", `const r = new Response("hi"); const c = r.clone(); return [await r.text(), await c.text()];`],
    [
      "stream",
      `const r = new Response(new ReadableStream({ start(c) { c.enqueue(new TextEncoder().encode("ab")); c.enqueue(new Uint8Array([99])); c.close(); } })); return await r.text();`,
    ],
    ["null body", `try { new Response("x", { status: 204 }) } catch (e) { return e instanceof TypeError }`],
    [
      "redirect",
      `const r = Response.redirect("https://a.example/b", 303); return [r.status, r.headers.get("location")];`,
    ],
  ])("Response: %s", async (_, body) => await same(body));

  test.each([
    [
      "defaults",
      `const r = new Request("https://a.example", { method: "post", body: "x" }); return [r.url, r.method, r.headers.get("content-type"), await r.text()];`,
    ],
    [
      "parameters",
      `const r = new Request("https://a.example", { method: "PUT", body: new URLSearchParams({ a: "b c" }) }); return [r.headers.get("content-type"), await r.text()];`,
    ],
    [
      "GET with a body",
      `try { new Request("https://a.example", { body: "x" }) } catch (e) { return e instanceof TypeError }`,
    ],
    [
      "from another",
      `const a = new Request("https://a.example", { method: "POST", body: "x", headers: { q: "1" } }); const b = new Request(a, { headers: { z: "2" } }); return [b.method, [...b.headers.keys()].includes("z"), b.headers.has("q"), await b.text(), a.bodyUsed];`,
    ],
  ])("Request: %s", async (_, body) => await same(body));

  test.each([
    [
      "blob",
      `const b = new Blob(["ab", new Uint8Array([99, 100])], { type: "Text/Plain" }); return [b.size, b.type, await b.text(), await b.slice(1, 3).text(), await b.slice(-2).text()];`,
    ],
    [
      "file",
      `const f = new File(["x"], "n.txt", { type: "a/b", lastModified: 7 }); return [f.name, f.size, f.type, f.lastModified, f instanceof Blob];`,
    ],
    [
      "form",
      `const f = new FormData(); f.append("a", "1"); f.append("a", new Blob(["x"])); f.set("b", 2); return [f.get("a"), f.getAll("a")[1].name, f.get("b"), [...f.keys()]];`,
    ],
  ])("files: %s", async (_, body) => await same(body));

  test.each([
    [
      "dispatch",
      `const t = new EventTarget(); const seen = []; t.addEventListener("x", (e) => seen.push(e.detail), { once: true }); t.dispatchEvent(new CustomEvent("x", { detail: 1 })); t.dispatchEvent(new CustomEvent("x", { detail: 2 })); return seen;`,
    ],
    [
      "abort",
      `const c = new AbortController(); const seen = []; c.signal.addEventListener("abort", () => seen.push("heard")); c.abort(); try { c.signal.throwIfAborted() } catch (e) { seen.push(e.name) } return [seen, c.signal.aborted];`,
    ],
    [
      "any",
      `const a = new AbortController(); const s = AbortSignal.any([a.signal]); a.abort("why"); return [s.aborted, s.reason];`,
    ],
    [
      "transform",
      `const t = new TransformStream({ transform(x, c) { c.enqueue(x * 2) } }); const w = t.writable.getWriter(); w.write(1); w.write(2); w.close(); const out = []; for await (const x of t.readable) out.push(x); return out;`,
    ],
    [
      "text streams",
      `const out = []; for await (const x of new Blob(["é"]).stream().pipeThrough(new TextDecoderStream())) out.push(x); return out.join("");`,
    ],
  ])("events and streams: %s", async (_, body) => await same(body));
});

describe("crypto.subtle answers as Node's", () => {
  const hex = `const hex = (b) => [...new Uint8Array(b)].map((x) => x.toString(16).padStart(2, "0")).join(""); const bytes = (t) => new TextEncoder().encode(t);`;
  test.each([
    [
      "digest",
      `return [hex(await crypto.subtle.digest("SHA-256", bytes("a"))), hex(await crypto.subtle.digest({ name: "sha-512" }, bytes("a")))];`,
    ],
    [
      "hmac",
      `const k = await crypto.subtle.importKey("raw", bytes("key"), { name: "HMAC", hash: "SHA-256" }, true, ["sign", "verify"]); const s = await crypto.subtle.sign("HMAC", k, bytes("m")); return [hex(s), await crypto.subtle.verify("HMAC", k, s, bytes("m")), await crypto.subtle.verify("HMAC", k, s, bytes("n")), k.algorithm, k.usages, (await crypto.subtle.exportKey("jwk", k)).k];`,
    ],
    [
      "aes-gcm",
      `const k = await crypto.subtle.importKey("raw", new Uint8Array(32), "AES-GCM", false, ["encrypt", "decrypt"]); const p = { name: "AES-GCM", iv: new Uint8Array(12), additionalData: bytes("x") }; const c = await crypto.subtle.encrypt(p, k, bytes("hello")); return [hex(c), hex(await crypto.subtle.decrypt(p, k, c)), k.algorithm];`,
    ],
    [
      "aes-gcm, tampered",
      `const k = await crypto.subtle.importKey("raw", new Uint8Array(32), "AES-GCM", false, ["encrypt", "decrypt"]); try { await crypto.subtle.decrypt({ name: "AES-GCM", iv: new Uint8Array(12) }, k, new Uint8Array(20)) } catch (e) { return [e.name, e instanceof DOMException] }`,
    ],
    [
      "aes-cbc and ctr",
      `const k = await crypto.subtle.importKey("raw", new Uint8Array(16), "AES-CBC", false, ["encrypt"]); const q = await crypto.subtle.importKey("raw", new Uint8Array(16), "AES-CTR", false, ["encrypt"]); return [hex(await crypto.subtle.encrypt({ name: "AES-CBC", iv: new Uint8Array(16) }, k, bytes("hello"))), hex(await crypto.subtle.encrypt({ name: "AES-CTR", counter: new Uint8Array(16), length: 64 }, q, bytes("hello")))];`,
    ],
    [
      "pbkdf2",
      `const k = await crypto.subtle.importKey("raw", bytes("pw"), "PBKDF2", false, ["deriveBits", "deriveKey"]); const p = { name: "PBKDF2", salt: bytes("s"), iterations: 1000, hash: "SHA-256" }; const d = await crypto.subtle.deriveKey(p, k, { name: "AES-GCM", length: 256 }, true, ["encrypt"]); return [hex(await crypto.subtle.deriveBits(p, k, 128)), hex(await crypto.subtle.exportKey("raw", d))];`,
    ],
    [
      "hkdf",
      `const k = await crypto.subtle.importKey("raw", bytes("ikm"), "HKDF", false, ["deriveBits"]); return hex(await crypto.subtle.deriveBits({ name: "HKDF", hash: "SHA-256", salt: bytes("s"), info: bytes("i") }, k, 256));`,
    ],
    [
      "usages",
      `const k = await crypto.subtle.importKey("raw", bytes("key"), { name: "HMAC", hash: "SHA-256" }, false, ["verify"]); const out = []; try { await crypto.subtle.sign("HMAC", k, bytes("m")) } catch (e) { out.push(e.name) } try { await crypto.subtle.exportKey("raw", k) } catch (e) { out.push(e.name) } return out;`,
    ],
    ["unknown", `try { await crypto.subtle.digest("MD5", bytes("a")) } catch (e) { return e.name }`],
  ])("%s", async (_, body) => await same(hex + body));

  test("a derivation that would hold everybody up is refused, with what to do instead", async () => {
    const body = `const k = await crypto.subtle.importKey("raw", new Uint8Array(4), "PBKDF2", false, ["deriveBits"]); try { await crypto.subtle.deriveBits({ name: "PBKDF2", salt: new Uint8Array(4), iterations: 2e9, hash: "SHA-256" }, k, 128) } catch (e) { return [e.name, e.message] }`;
    expect(await realm.run(body)).toEqual([
      "OperationError",
      "PBKDF2 with 2000000000 iterations takes too long for a query or mutation, which may ask for up to 1000000. Do it in an action.",
    ]);
  });

  test("an RS256 signature made by Node is accepted", async () => {
    const pair = await crypto.subtle.generateKey(
      {
        name: "RSASSA-PKCS1-v1_5",
        modulusLength: 2048,
        publicExponent: new Uint8Array([1, 0, 1]),
        hash: "SHA-256",
      },
      true,
      ["sign", "verify"],
    );
    const data = new TextEncoder().encode("token");
    const signature = [
      ...new Uint8Array(await crypto.subtle.sign("RSASSA-PKCS1-v1_5", pair.privateKey, data)),
    ];
    const jwk = await crypto.subtle.exportKey("jwk", pair.publicKey);
    const valid = await realm.run(
      `const k = await crypto.subtle.importKey("jwk", ${JSON.stringify(jwk)}, { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" }, true, ["verify"]);
       return [k.type, k.algorithm.modulusLength, [...k.algorithm.publicExponent], await crypto.subtle.verify("RSASSA-PKCS1-v1_5", k, new Uint8Array(${JSON.stringify(signature)}), new TextEncoder().encode("token"))];`,
    );
    expect(valid).toEqual(["public", 2048, [1, 0, 1], true]);
  });
});

describe("queries and mutations stay deterministic", () => {
  test.each([
    ["fetch()", `await fetch("http://127.0.0.1")`],
    ["setTimeout", `setTimeout(() => {}, 1)`],
    ["setInterval", `setInterval(() => {}, 1)`],
    [
      "formData()",
      `await new Response("a=b", { headers: { "content-type": "application/x-www-form-urlencoded" } }).formData()`,
    ],
    [
      "cryptographic randomness",
      `await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, true, ["encrypt"])`,
    ],
  ])("%s is refused with the documented text", async (what, body) => {
    await expect(realm.run(body)).rejects.toThrow(
      `Can't use ${what} in queries and mutations. Please consider using an action. See https://docs.convex.dev/functions/actions for more details.`,
    );
  });

  test("performance.now() stands still in a query", async () => {
    expect(await realm.run(`return [performance.now(), performance.timeOrigin]`)).toEqual([0, 1000]);
  });
});

test("process.env shows the environment by name only", async () => {
  expect(
    await realm.run(
      `return [process.env.SITE, String(process.env.NOPE), Object.keys(process), self === globalThis]`,
    ),
  ).toEqual(["here", "undefined", ["env"], true]);
});

test("what is not promised is not there", async () => {
  const body = `return ["Buffer", "require", "WebSocket", "XMLHttpRequest", "MessageChannel"].filter((name) => name in globalThis)`;
  expect(await realm.run(body)).toEqual([]);
});

test("AsyncLocalStorage gives each run its store", async () => {
  const body = `const a = new AsyncLocalStorage(); const bound = a.run(1, () => AsyncResource.bind(() => a.getStore())); return [a.run(2, () => a.getStore()), bound(), String(a.getStore())]`;
  expect(await realm.run(body)).toEqual([2, 1, "undefined"]);
});
