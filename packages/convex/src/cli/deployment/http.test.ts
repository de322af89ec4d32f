import { describe, expect, test } from "vitest";
import { createDeploymentHttp, type HttpSurroundings, isRetried, retryDelayMs } from "./http.ts";

function client(answers: (Response | Error)[]) {
  const waits: number[] = [];
  const told: string[] = [];
  const surroundings: HttpSurroundings = {
    fetch: async () => {
      const next = answers.length > 1 ? answers.shift() : answers[0];
      if (next instanceof Error) throw next;
      return next!.clone();
    },
    sleep: async (ms) => {
      waits.push(ms);
    },
    random: () => 0,
    onRetry: (text) => told.push(text),
  };
  const http = createDeploymentHttp({ url: "http://127.0.0.1:3210/", adminKey: "self|key" }, surroundings);
  return { http, waits, told };
}

const refused = new TypeError("fetch failed", { cause: new Error("connect ECONNREFUSED 127.0.0.1:3210") });
const ok = (): Response => Response.json({ fine: true });
const status = (code: number, body?: object): Response =>
  new Response(body === undefined ? null : JSON.stringify(body), { status: code });

describe("requests to a deployment", () => {
  test("are sent again while it starts, with growing pauses", async () => {
    const { http, waits, told } = client([refused, status(404), status(404), ok()]);
    expect(await http.json("/x", { method: "POST", body: {} })).toEqual({ fine: true });
    expect(waits).toEqual([1, 1000, 2000]);
    expect(told[0]).toContain("/x answered 404. Trying again (2 of 6)");
  });

  test("give up after half a minute, and say what to check", async () => {
    const { http, waits } = client([refused]);
    await expect(http.json("/x")).rejects.toThrow(
      "http://127.0.0.1:3210 cannot be reached (connect ECONNREFUSED 127.0.0.1:3210). Check that the deployment is running",
    );
    expect(waits).toEqual([1, 1000, 2000, 4000, 8000, 16000]);
  });

  test("carry on with the deployment's code and message", async () => {
    const { http, waits } = client([status(400, { code: "InvalidSchema", message: "Bad schema" })]);
    await expect(http.json("/x")).rejects.toMatchObject({
      status: 400,
      code: "InvalidSchema",
      message: "Bad schema",
    });
    expect(waits).toEqual([]);
  });

  test("tell that an answer is no JSON, as from a website", async () => {
    const { http } = client([new Response("<html>")]);
    await expect(http.json("/x")).rejects.toThrow("something other than JSON: <html>");
  });

  test("end at once when the user ends the command", async () => {
    const { http } = client([Object.assign(new Error("aborted"), { name: "AbortError" })]);
    await expect(http.json("/x", { signal: AbortSignal.abort() })).rejects.toThrow("aborted");
  });

  test.each([
    ["GET", 500, true],
    ["POST", 500, false],
    ["GET", 503, true],
    ["POST", 404, true],
    ...[400, 401, 402, 403, 405, 406, 412, 413, 414, 415, 416].map((code) => ["GET", code, false] as const),
  ] as const)("%s with %d: sent again %s", (method, code, again) => {
    expect(isRetried(method, code)).toBe(again);
  });

  test("pauses vary by up to a fifth", () => {
    expect(retryDelayMs(2, () => 1)).toBe(2400);
  });
});
