import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { formatLogLine } from "../isolate/console/index.ts";
import { trueRandom } from "../isolate/web/index.ts";
import type {
  ActionCall,
  ActionHost,
  ActionOutcome,
  AnalyzedFunction,
  FunctionsVersion,
} from "../lanes/lane.ts";
import { type ActionLimits, ActionRunner } from "./index.ts";

const header = `
const convexError = (data) => { const e = new Error(JSON.stringify(data)); e.name = "ConvexError"; e.data = JSON.stringify(data); e.ConvexErrorSymbol = Symbol.for("ConvexError"); e[e.ConvexErrorSymbol] = true; return e; };
const call = async (op, args) => {
  try { return JSON.parse(await Convex.asyncSyscall(op, JSON.stringify(args))); }
  catch (e) { const n = new Error(e.message); if (e.data !== undefined) n.data = e.data; throw n; }
};
const action = (handler) => ({ isAction: true, isPublic: true, invokeAction: async (requestId, text) => JSON.stringify((await handler(...JSON.parse(text), requestId)) ?? null) });
`;

/** A length of waiting that the tests end themselves. */
const patience = 12_345;
const impatient: (() => void)[] = [];

/** Timers that were started and neither fired nor cleared. */
const openTimers = new Set<unknown>();

const runners: ActionRunner[] = [];
let server: Server;
let origin: string;
const seen: { url: string; method: string; headers: Record<string, unknown>; body: string }[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (chunk: string) => {
      body += chunk;
    });
    request.on("end", () => {
      seen.push({ url: request.url!, method: request.method!, headers: request.headers, body });
      const [, status] = /^\/redirect\/(\d+)/.exec(request.url!) ?? [];
      if (status !== undefined) response.writeHead(Number(status), { location: "/echo" }).end();
      else if (request.url === "/elsewhere") {
        response.writeHead(302, { location: `${origin.replace("127.0.0.1", "localhost")}/echo` }).end();
      } else if (request.url === "/loop") response.writeHead(302, { location: "/loop" }).end();
      else if (request.url === "/hang") return;
      else
        response
          .writeHead(200, { "content-type": "application/json", "x-a": "1" })
          .end(JSON.stringify({ method: request.method, body }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(async () => {
  for (const runner of runners) await runner.close();
  server.closeAllConnections();
  server.close();
});

const nobody: ActionHost = {
  run: async () => ({ kind: "error", message: "nothing may be called here" }),
};

function start(code: string, limits: Partial<ActionLimits> = {}, overrides: Partial<AnalyzedFunction> = {}) {
  const runner = new ActionRunner({
    fetch: globalThis.fetch,
    now: () => 42,
    random: trueRandom,
    timers: {
      setTimeout: (callback, ms) => {
        if (ms === patience) impatient.push(callback);
        if (ms === patience) return null;
        const timer = setTimeout(() => {
          openTimers.delete(timer);
          callback();
        }, ms);
        openTimers.add(timer);
        return timer;
      },
      clearTimeout: (timer) => {
        openTimers.delete(timer);
        clearTimeout(timer as NodeJS.Timeout | undefined);
      },
    },
    deployment: { name: "local", region: null, class: "s16" },
    tables: () => ({ tableNumberOf: () => null, tableNameOf: () => null }),
    limits,
  });
  runners.push(runner);
  const names = [...code.matchAll(/export const (\w+)/g)].map((match) => match[1]!);
  const version: FunctionsVersion = {
    id: "v1",
    modules: [{ path: "m.js", source: header + code }],
    analysis: [
      {
        path: "m.js",
        functions: names.map((name) => ({
          name,
          kind: "action",
          visibility: "public",
          args: { type: "any" },
          returns: null,
          position: null,
          ...overrides,
        })),
      },
    ],
    importClock: 1000,
    importSeed: "",
  };
  runner.load(version);
  runner.setEnvironment({ id: "e1", variables: { KEY: "value" } });
  return (name: string, args: unknown = {}, host: ActionHost = nobody): Promise<ActionOutcome> => {
    const call: ActionCall = {
      version: "v1",
      environment: "e1",
      path: `m.js:${name}`,
      args: JSON.stringify(args),
      identity: { subject: "me" },
      requestId: "abc",
      internal: false,
    };
    return runner.run(call, host);
  };
}

async function value(outcome: Promise<ActionOutcome>): Promise<unknown> {
  const { result } = await outcome;
  if (result.kind === "error") throw new Error(result.message);
  return JSON.parse(result.value);
}

test("an action gets its arguments, environment, caller and metadata", async () => {
  const run = start(
    `export const a = action(async ({ x }, requestId) => [x, requestId, process.env.KEY, await call("1.0/getUserIdentity", {}), await call("1.0/getFunctionMetadata", {}), await call("1.0/getDeploymentMetadata", {}), (await call("1.0/getRequestMetadata", {})).requestId])`,
  );
  expect(await value(run("a", { x: 1 }))).toEqual([
    1,
    "abc",
    "value",
    { subject: "me" },
    { name: "m:a", componentPath: "" },
    { name: "local", region: null, class: "s16" },
    "abc",
  ]);
});

test("queries, mutations and actions are called through the host, at the same time", async () => {
  const run = start(
    `export const a = action(() => Promise.all(["query", "mutation", "action"].map((kind) => call("1.0/actions/" + kind, { name: "dir/n:f", args: { kind } }))))`,
  );
  const calls: unknown[] = [];
  let release: () => void = () => undefined;
  const all = new Promise<void>((resolve) => {
    release = resolve;
  });
  const host: ActionHost = {
    run: async (kind, call) => {
      calls.push([kind, call.path, call.args, call.internal]);
      if (calls.length === 3) release();
      await all;
      return { kind: "value", value: JSON.stringify(kind.length) };
    },
  };
  expect(await value(run("a", {}, host))).toEqual([5, 8, 6]);
  expect(calls).toContainEqual(["mutation", "dir/n.js:f", '{"kind":"mutation"}', true]);
});

test("functions are called by the handles that functions have made", async () => {
  const run = start(
    `export const a = action(async ({ handle }) => [await call("1.0/createFunctionHandle", { name: "dir/n:f" }), await call("1.0/createFunctionHandle", { functionHandle: handle }), await call("1.0/actions/mutation", { functionHandle: handle })])`,
  );
  const paths: string[] = [];
  const host: ActionHost = {
    run: async (_, { path }) => {
      paths.push(path);
      return { kind: "value", value: "7" };
    },
  };
  const handle = "function://#other.js:g";
  expect(await value(run("a", { handle }, host))).toEqual(["function://#dir/n.js:f", handle, 7]);
  expect(paths).toEqual(["other.js:g"]);
});

test("an error of a callee can be caught and carries a ConvexError's data", async () => {
  const run = start(
    `export const a = action(async () => { try { await call("1.0/actions/query", { name: "n:f", args: {} }) } catch (e) { return [e.message, e.data] } })`,
  );
  const host: ActionHost = {
    run: async () => ({ kind: "error", message: "Uncaught ConvexError: no\n", data: '{"code":1}' }),
  };
  expect(await value(run("a", {}, host))).toEqual(["Uncaught ConvexError: no", { code: 1 }]);
});

test("an unknown operation is named in the error", async () => {
  const run = start(
    `export const a = action(() => call("1.0/getTransactionMetrics", {}))\nexport const b = action(() => Convex.syscall("1.0/queryStream", "{}"))`,
  );
  await expect(value(run("a"))).rejects.toThrow("Unknown async operation 1.0/getTransactionMetrics");
  await expect(value(run("b"))).rejects.toThrow("Unknown operation 1.0/queryStream");
});

test("an uncaught error is told with its place, a ConvexError with its data", async () => {
  const run = start(
    `export const a = action(async function handler() { throw new TypeError("boom") })\nexport const b = action(() => { throw convexError({ why: 1 }) })\nexport const c = action(() => { throw "text" })`,
  );
  const a = (await run("a")).result;
  expect(a.kind === "error" && a.message).toMatch(
    /^Uncaught TypeError: boom\n {4}at handler \(convex:\/m\.js:\d+:\d+\)\n[\s\S]*\n$/,
  );
  expect((await run("b")).result).toMatchObject({
    kind: "error",
    data: '{"why":1}',
    message: expect.stringMatching(/^Uncaught ConvexError: \{"why":1\}\n/),
  });
  expect((await run("c")).result).toMatchObject({ message: "Uncaught text\n" });
});

test("a module that throws while it is evaluated fails the action with that error", async () => {
  const run = start(`throw new Error("at import");\nexport const a = action(() => 1)`);
  const { result } = await run("a");
  expect(result.kind === "error" && result.message).toMatch(
    /^Uncaught Error: at import\n {4}at .*convex:\/m\.js/,
  );
});

test("modules are evaluated fresh for each action", async () => {
  const run = start(`let n = 0;\nexport const a = action(() => ++n)`);
  expect([await value(run("a")), await value(run("a"))]).toEqual([1, 1]);
});

test("timers fire in order and can be cleared; the clock goes on", async () => {
  const run = start(
    `export const a = action(async () => { const out = []; const t = Date.now(); const never = setTimeout(() => out.push("never"), 1); clearTimeout(never); await new Promise((r) => { setTimeout(() => out.push("b"), 12); setTimeout(() => out.push("a"), 2); let n = 0; const i = setInterval(() => { out.push(n); if (++n === 2) clearInterval(i) }, 4); setTimeout(r, 30) }); return [out.filter((x) => typeof x === "string"), out.filter((x) => typeof x === "number"), Date.now() - t >= 25, performance.now() > 0] })`,
  );
  expect(await value(run("a"))).toEqual([["a", "b"], [0, 1], true, true]);
});

test("fetch sends and receives, and follows redirects as the web does", async () => {
  const run = start(`export const a = action(async ({ origin }) => {
    const r = await fetch(origin + "/echo", { method: "POST", body: JSON.stringify({ é: 1 }), headers: { "x-q": "1" } });
    const out = [r.status, r.ok, r.headers.get("x-a"), (await r.json()).body];
    const post = await fetch(origin + "/redirect/302", { method: "POST", body: "x" });
    out.push((await post.json()).method, post.redirected, post.url === origin + "/echo");
    out.push((await (await fetch(origin + "/redirect/307", { method: "POST", body: "kept" })).json()).body);
    out.push((await fetch(origin + "/redirect/301", { redirect: "manual" })).status);
    for (const [path, init] of [["/redirect/301", { redirect: "error" }], ["/loop", {}]]) try { await fetch(origin + path, init); out.push("?") } catch (e) { out.push(e instanceof TypeError) }
    await fetch(origin + "/elsewhere", { headers: { authorization: "secret" } });
    return out;
  })`);
  expect(await value(run("a", { origin }))).toEqual([
    200,
    true,
    "1",
    '{"é":1}',
    "GET",
    true,
    true,
    "kept",
    301,
    true,
    true,
  ]);
  expect(seen.find((one) => one.url === "/elsewhere")!.headers.authorization).toBe("secret");
  expect(seen.at(-1)!.headers.authorization).toBeUndefined();
});

test("a fetch can be aborted, and a refused connection says why", async () => {
  const run = start(
    `export const a = action(async ({ origin }) => { const c = new AbortController(); setTimeout(() => c.abort(), 5); const out = []; try { await fetch(origin + "/hang", { signal: c.signal }) } catch (e) { out.push(e.name) } try { await fetch("http://127.0.0.1:1/") } catch (e) { out.push(e.message) } return out })`,
  );
  expect(await value(run("a", { origin }))).toEqual([
    "AbortError",
    expect.stringMatching(/^fetch failed: .+/),
  ]);
});

test("forms survive the way out and back", async () => {
  const run = start(
    `export const a = action(async () => { const f = new FormData(); f.append("t", "a\\r\\nb"); f.append("f", new File([new Uint8Array([0, 255])], 'q".bin', { type: "a/b" })); const back = await new Response(f).formData(); const file = back.get("f"); return [back.get("t"), file.name, file.type, [...new Uint8Array(await file.arrayBuffer())]] })`,
  );
  expect(await value(run("a"))).toEqual(["a\r\nb", 'q".bin', "a/b", [0, 255]]);
});

test("a router's request and response pass through as JSON", async () => {
  const run = start(`export const a = action(async () => {
    const request = Convex.jsSyscall("requestFromConvexJson", { convexJson: { url: "http://h/p", method: "POST", headerPairs: [["x-a", "1"]], streamId: "body", signal: "s" } });
    const text = await request.text();
    return [request.headers.get("x-a"), text, await Convex.jsSyscall("convexJsonFromResponse", { response: new Response("é", { status: 201, headers: { b: "2" } }) })];
  })`);
  expect(await value(run("a"))).toEqual([
    "1",
    "body",
    {
      status: 201,
      streamId: "\u00c3\u00a9",
      headerPairs: [
        ["b", "2"],
        ["content-type", "text/plain;charset=UTF-8"],
        ["content-length", "2"],
      ],
    },
  ]);
});

test("keys can be made, and slow cryptography does not hold the event loop", async () => {
  const run = start(`export const a = action(async () => {
    const data = new Uint8Array([1]); const out = [];
    for (const algorithm of [{ name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" }, { name: "RSA-PSS", modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]), hash: "SHA-256", saltLength: 32 }, { name: "Ed25519" }]) {
      const pair = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
      out.push(await crypto.subtle.verify(algorithm, pair.publicKey, await crypto.subtle.sign(algorithm, pair.privateKey, data), data));
    }
    const [x, y] = await Promise.all([1, 2].map(() => crypto.subtle.generateKey({ name: "ECDH", namedCurve: "P-256" }, true, ["deriveBits"])));
    const s = async (a, b) => new Uint8Array(await crypto.subtle.deriveBits({ name: "ECDH", public: b.publicKey }, a.privateKey, 256)).join();
    out.push(await s(x, y) === await s(y, x), crypto.randomUUID() !== crypto.randomUUID());
    return out;
  })`);
  expect(await value(run("a"))).toEqual([true, true, true, true, true]);
});

test("console lines come back in order, also of an action that fails", async () => {
  const run = start(
    `export const a = action(async () => { console.log("one"); console.warn(2); throw new Error("x") })`,
  );
  expect((await run("a")).logs.map(formatLogLine)).toEqual(["[LOG] 'one'", "[WARN] 2"]);
});

test("what was not awaited is named in a warning", async () => {
  const run = start(
    `export const a = action(async () => { call("1.0/actions/mutation", { name: "n:f", args: {} }); return 1 })`,
  );
  const outcome = await run("a", {}, { run: () => new Promise(() => undefined) });
  expect(outcome.result).toEqual({ kind: "value", value: "1" });
  expect(outcome.logs.map(formatLogLine)).toEqual([
    "[WARN] 1 unawaited operation: [mutation]. Async operations should be awaited or they might not run. See https://docs.convex.dev/functions/actions#dangling-promises for more information.",
  ]);
});

test("a promise that is rejected and never handled ends the action with its error", async () => {
  const run = start(
    `export const a = action(async () => { setTimeout(() => { Promise.reject(new RangeError("lost")) }, 1); await new Promise(() => {}) })`,
  );
  const { result } = await run("a");
  expect(result.kind === "error" && result.message).toMatch(/^Uncaught RangeError: lost\n/);
});

test.each([
  ["loops", `for (;;) {}`],
  ["waits", `await new Promise(() => {})`],
  ["loops in a later turn", `await null; setTimeout(() => { for (;;) {} }, 1); await new Promise(() => {})`],
  ["fills arrays", `for (;;) new Array(1000).fill(1)`],
])("an action that %s for ever is stopped at its limit, while others go on", async (_, body) => {
  const run = start(`export const a = action(async () => { ${body} })\nexport const b = action(() => "b")`, {
    totalTime: 400,
  });
  const stuck = run("a");
  expect(await value(run("b"))).toBe("b");
  expect((await stuck).result).toEqual({
    kind: "error",
    message: "Function execution timed out (maximum duration: 0.4s)",
  });
});

test.each([
  ["an array", `const all = []; for (;;) all.push({ x: [1] })`],
  ["a map", `const all = new Map(); for (let i = 0; ; i++) all.set(i, i)`],
])("an action that fills its memory with %s dies alone", async (_, body) => {
  const run = start(`export const a = action(async () => { ${body} })\nexport const b = action(() => "b")`);
  expect((await run("a")).result).toEqual({
    kind: "error",
    message: "JavaScript execution ran out of memory (maximum memory usage: 64 MB)",
  });
  expect(await value(run("b"))).toBe("b");
});

test("too many actions at once wait, and are refused in the end", async () => {
  const run = start(`export const a = action(() => call("1.0/actions/query", { name: "n:f" }))`, {
    concurrency: 1,
    patience,
  });
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const host: ActionHost = { run: async () => held.then(() => ({ kind: "value", value: "1" })) };
  const first = run("a", {}, host);
  const second = run("a", {}, host);
  impatient.at(-1)!();
  await expect(second).rejects.toMatchObject({ code: "TooManyConcurrentRequests" });
  const third = run("a", {}, host);
  release();
  expect([await value(first), await value(third)]).toEqual([1, 1]);
});

test("arguments and results are held against their validators, and internal actions are hidden", async () => {
  const number = {
    type: "object",
    value: { x: { fieldType: { type: "number" }, optional: false } },
  } as const;
  const run = start(
    `export const a = action(({ x }) => "no" + x)`,
    {},
    { args: number, returns: { type: "null" } },
  );
  expect((await run("a", { x: "1" })).result).toMatchObject({
    message: expect.stringMatching(/^ArgumentValidationError: /),
  });
  expect((await run("a", { x: 1 })).result).toMatchObject({
    message: expect.stringMatching(/^ReturnsValidationError: /),
  });
  const hidden = start(`export const a = action(() => 1)`, {}, { visibility: "internal" });
  expect((await hidden("a")).result).toMatchObject({ message: "Could not find public function for 'm:a'." });
  expect((await hidden("none")).result).toMatchObject({
    message: "Could not find public function for 'm:none'.",
  });
  const query = start(`export const a = 1`, {}, { kind: "query" });
  expect((await query("a")).result).toMatchObject({
    message: "Trying to execute m:a as Action, but it is defined as Query.",
  });
});

test("closing ends what runs and what waits for its turn, at once", async () => {
  const run = start(`export const a = action(() => call("1.0/actions/query", { name: "n:f" }))`, {
    concurrency: 1,
    patience,
  });
  const runner = runners.at(-1)!;
  let begun: () => void = () => undefined;
  const underWay = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const host: ActionHost = {
    run: () => {
      begun();
      return new Promise(() => undefined);
    },
  };
  const [running, waiting] = [run("a", {}, host), run("a", {}, host)];
  await underWay;
  const refused = expect(waiting).rejects.toMatchObject({ code: "BackendIsNotRunning" });
  await runner.close();
  expect((await running).result).toEqual({ kind: "error", message: "The backend is shutting down." });
  await refused;
  await expect(run("a")).rejects.toMatchObject({ code: "BackendIsNotRunning" });
});

test("something that only looks like an action fails alone, and nothing of it stays", async () => {
  const run = start(`export const a = { isAction: true, invokeAction: async () => "no JSON" };`, {
    totalTime: 600_000,
  });
  expect((await run("a")).result).toMatchObject({
    kind: "error",
    message: expect.stringMatching(/^m:a did not return a Convex value: /),
  });
  expect(openTimers.size).toBe(0);
});

test("an environment that comes back is the newest again", async () => {
  const run = start("export const a = action(() => process.env.KEY)");
  const runner = runners.at(-1)!;
  for (const id of ["e2", "e1", "e3"]) {
    runner.setEnvironment({ id, variables: { KEY: id } });
  }
  expect(await value(run("a"))).toBe("e1");
});
