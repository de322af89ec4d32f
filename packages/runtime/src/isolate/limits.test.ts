import { afterAll, beforeAll, expect, test } from "vitest";
import { type RunningLanes, startLanes } from "../testing/start_lanes.ts";
import { DEFAULT_ISOLATE_LIMITS } from "./limits.ts";

/** Loops that once ignored every limit, or ended the process, or may. */
const LOOPS: Readonly<Record<string, string>> = {
  nothing: "for (;;) {}",
  inlinedFill: "while (true) { new Array(1000).fill(1); }",
  promises: "for (;;) await null;",
  regexp: "/(a+)+$/.test('a'.repeat(40) + 'b');",
  pushedFill: "const a = []; while (true) { a.push(new Array(100).fill(1)); }",
  pushedObjects: "const a = []; while (true) { a.push({ x: 1 }); }",
  map: "const m = new Map(); for (let i = 0; ; i++) m.set(i, { i });",
  set: "const s = new Set(); for (let i = 0; ; i++) s.add(i);",
  objectKeys: "const o = {}; for (let i = 0; ; i++) o['k' + i] = i;",
  sparse: "const o = {}; for (let i = 0; ; i += 100) o[i] = i;",
  strings: "const a = []; while (true) a.push('x'.repeat(100_000) + a.length);",
  doubling: "let a = [1, 2, 3]; while (true) a = [...a, ...a];",
  buffers: "const a = []; while (true) a.push(new ArrayBuffer(1_000_000));",
  filledBuffers: "const a = []; while (true) a.push(new Uint8Array(1_000_000).fill(1));",
  doublingText: "let a = 'x'; while (true) { a += a; }",
  growingText: "let a = ''; while (true) { a += 'some text that is added '; }",
  growingBigInt: "let n = 3n; while (true) { n *= 3n; }",
  nestedArrays: "let a = []; while (true) { a = [a, new Array(10).fill(a)]; }",
  recursion: "const f = () => f(); f();",
};

let app: RunningLanes;
beforeAll(async () => {
  const functions = Object.entries(LOOPS).map(
    ([name, loop]) => `export const ${name} = query(async () => { ${loop} });`,
  );
  app = await startLanes({
    "l.ts": `import { queryGeneric as query, mutationGeneric as mutation } from "convex/server";\n${functions.join("\n")}\nexport const fine = query(async () => "fine");`,
  });
});
afterAll(() => app.close());

test.each(Object.keys(LOOPS))(
  "%s is stopped, and the next call is well",
  { timeout: 60_000 },
  async (name) => {
    const { result } = await app.query(`l:${name}`);
    expect(result).toMatchObject({
      kind: "error",
      message: expect.stringMatching(
        /^(Function execution timed out \(maximum duration: 1s\)|JavaScript execution ran out of memory \(maximum memory usage: 64 MB\)|Uncaught RangeError: .*)/,
      ),
    });
    expect(await app.value("l:fine")).toBe("fine");
  },
);

test("memory that grows is told as memory", async () => {
  const { result } = await app.query("l:pushedObjects");
  expect(result).toMatchObject({
    message: "JavaScript execution ran out of memory (maximum memory usage: 64 MB)",
  });
});

test("a function that took too long is refused even when it came to its end", async () => {
  const hurried = await startLanes(
    {
      "l.ts": `import { queryGeneric as query } from "convex/server";
        export const slow = query(async () => { let x = 0; for (let i = 0; i < 2e7; i++) x += i; return x; });`,
    },
    { limits: { ...DEFAULT_ISOLATE_LIMITS, userTime: 2 } },
  );
  const { result } = await hurried.query("l:slow");
  await hurried.close();
  expect(result).toMatchObject({ code: "UserTimeout" });
});
