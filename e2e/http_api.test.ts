import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { pushFixture } from "./harness/push.ts";
import { startTandem, type Tandem } from "./harness/tandem.ts";

let tandem: Tandem;
beforeAll(async () => {
  tandem = await startTandem();
  await pushFixture(tandem);
});
afterAll(() => tandem.stop());

const JSON_TYPE = { "content-type": "application/json" };
const admin = () => ({ authorization: `Convex ${tandem.adminKey}` });

async function call(
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<{ status: number; json: unknown; headers: Headers }> {
  const response = await fetch(`${tandem.backendUrl}${path}`, {
    method: "POST",
    headers: { ...JSON_TYPE, ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, json: text === "" ? null : JSON.parse(text), headers: response.headers };
}

describe("functions over plain HTTP", () => {
  test("a query, a mutation and an action answer their values", async () => {
    expect(
      await call("/api/mutation", { path: "counters:increment", args: { name: "plain" } }),
    ).toMatchObject({
      status: 200,
      json: { status: "success", value: 1 },
    });
    expect((await call("/api/query", { path: "counters:read", args: { name: "plain" } })).json).toEqual({
      status: "success",
      value: 1,
    });
    expect((await call("/api/action", { path: "acting:double", args: { n: 3 } })).json).toEqual({
      status: "success",
      value: 6,
      logLines: ["[WARN] 'doubling' 3"],
    });
  });

  test("arguments may be an object or an array of one, paths may carry .js", async () => {
    for (const args of [{ name: "plain" }, [{ name: "plain" }]]) {
      for (const path of ["counters:read", "counters.js:read"]) {
        expect((await call("/api/query", { path, args })).json).toMatchObject({ status: "success" });
      }
    }
  });

  test("a query by GET", async () => {
    const query = new URLSearchParams({ path: "counters:read", args: JSON.stringify({ name: "absent" }) });
    const response = await fetch(`${tandem.backendUrl}/api/query?${query}`);
    expect(await response.json()).toEqual({ status: "success", value: 0 });
  });

  test("/api/run names the function in its path", async () => {
    expect(await call("/api/run/counters/read", { args: { name: "absent" } })).toMatchObject({
      status: 200,
      json: { status: "success", value: 0 },
    });
    expect(await call("/api/run/counters", { args: {} })).toMatchObject({
      status: 400,
      json: { code: "MissingIdentifier" },
    });
    expect((await call("/api/run/nested/count", { args: { list: "x" } })).json).toMatchObject({
      status: "error",
      errorMessage: expect.stringContaining("Could not find function for 'nested:count'"),
    });
  });

  test("/api/function runs anything, for an admin only", async () => {
    const body = { path: "nested:count", args: { list: "x" } };
    expect(await call("/api/function", body)).toMatchObject({ status: 403, json: { code: "BadDeployKey" } });
    expect((await call("/api/function", body, admin())).json).toEqual({ status: "success", value: 0 });
    expect((await call(`/api/function?adminKey=${encodeURIComponent(tandem.adminKey)}`, body)).status).toBe(
      200,
    );
  });

  test("a batch is read at one state, a query at a timestamp sees that state", async () => {
    const { json } = await call("/api/query_ts", {});
    const { ts } = json as { ts: string };
    expect(ts).toMatch(/^[A-Za-z0-9+/]{11}=$/);
    await call("/api/mutation", { path: "counters:increment", args: { name: "later" } });
    const read = { path: "counters:read", args: { name: "later" } };
    expect((await call("/api/query_at_ts", { ...read, ts })).json).toEqual({ status: "success", value: 0 });
    expect((await call("/api/query", read)).json).toEqual({ status: "success", value: 1 });
    expect(
      (await call("/api/query_batch", { queries: [read, { path: "failing:plainly", args: {} }] })).json,
    ).toEqual({
      results: [{ status: "success", value: 1 }, expect.objectContaining({ status: "error" })],
    });
  });

  test("values come in the format that is asked for", async () => {
    const value = {
      i: { $integer: "AQAAAAAAAAA=" },
      f: 1.5,
      nan: { $float: "AAAAAAAA+H8=" },
      b: { $bytes: "AQID" },
    };
    const get = async (format?: string) => {
      const { json } = await call("/api/query", {
        path: "values:echo",
        args: { value },
        ...(format && { format }),
      });
      return (json as { value: unknown }).value;
    };
    const clean = { i: "1", f: 1.5, nan: "NaN", b: "AQID" };
    expect(await get()).toEqual(clean);
    expect(await get("json")).toEqual(clean);
    expect(await get("convex_clean_json")).toEqual(clean);
    expect(await get("convex_encoded_json")).toEqual(value);
    expect(await get("convex_json")).toEqual(value);
    expect(await get("export_json")).toMatchObject({ i: 1, f: 1.5, b: { $bytes: "AQID" } });
    const { status, json } = await call("/api/query", {
      path: "values:echo",
      args: { value },
      format: "xml",
    });
    expect({ status, json }).toMatchObject({ status: 400, json: { code: "BadFormat" } });
  });

  test("a function's error is an answer of its own, with its data", async () => {
    const { status, json } = await call("/api/query", { path: "failing:withData", args: {} });
    expect(status).toBe(200);
    expect(json).toMatchObject({
      status: "error",
      errorMessage: expect.stringMatching(
        /^\[Request ID: [0-9a-f]{16}\] Server Error\nUncaught ConvexError: /,
      ),
      errorData: { code: "too_low", limit: "5", seen: [1, "two", null] },
    });
    const plain = (await call("/api/query", { path: "failing:plainly", args: {} })).json;
    expect(plain).not.toHaveProperty("errorData");
  });

  test("a request's own id is found in its error", async () => {
    const { json } = await call(
      "/api/query",
      { path: "failing:plainly", args: {} },
      { "convex-request-id": "0123456789abcdef" },
    );
    expect((json as { errorMessage: string }).errorMessage).toContain("[Request ID: 0123456789abcdef]");
  });
});

describe("a request of the wrong form is refused with a code:", () => {
  test.each([
    ["no JSON type", "/api/query", "{}", { "content-type": "text/plain" }, 400, "BadJsonBody"],
    ["no JSON", "/api/query", "{", {}, 400, "BadJsonBody"],
    ["no path", "/api/query", {}, {}, 400, "BadJsonBody"],
    [
      "a path that is none",
      "/api/query",
      { path: "a b:c", args: {} },
      {},
      400,
      "BadConvexFunctionIdentifier",
    ],
    [
      "an unknown scheme",
      "/api/query",
      { path: "counters:read", args: {} },
      { authorization: "Basic abcdef" },
      400,
      "InvalidAdminKey",
    ],
    [
      "a short header",
      "/api/query",
      { path: "counters:read", args: {} },
      { authorization: "x" },
      400,
      "InvalidHeaderFailure",
    ],
    [
      "no JWT",
      "/api/query",
      { path: "counters:read", args: {} },
      { authorization: "Bearer x.y" },
      401,
      "InvalidAuthHeader",
    ],
    [
      "a wrong admin key",
      "/api/query",
      { path: "counters:read", args: {} },
      { authorization: "Convex tandem|00" },
      401,
      "BadAdminKey",
    ],
    [
      "a malformed client version",
      "/api/query",
      { path: "counters:read", args: {} },
      { "convex-client": "npm" },
      400,
      "InvalidClientVersion",
    ],
    [
      "too old a client",
      "/api/query",
      { path: "counters:read", args: {} },
      { "convex-client": "npm-0.19.1" },
      400,
      "ClientVersionUnsupported",
    ],
  ] as [string, string, unknown, Record<string, string>, number, string][])(
    "%s",
    async (_what, path, body, headers, status, code) => {
      const answer = await call(path, body, headers);
      expect(answer).toMatchObject({ status, json: { code, message: expect.stringMatching(/./) } });
      if (code === "ClientVersionUnsupported") {
        expect(answer.headers.get("x-convex-deprecation-state")).toBe("Unsupported");
        expect(answer.headers.get("x-convex-deprecation-message")).not.toBe("");
      }
    },
  );

  test("a body that is too large", async () => {
    const body = { path: "values:echo", args: { value: "x".repeat(17 * 1024 * 1024) } };
    expect(await call("/api/query", body)).toMatchObject({
      status: 400,
      json: { code: "RequestTooLarge", message: expect.stringMatching(/16\d+ bytes/) },
    });
  });
});

describe("the rest of the server's face", () => {
  test.each([
    ["/", /Tandem/],
    ["/version", /^\d+\.\d+\.\d+$/],
    ["/instance_version", /^\d+\.\d+\.\d+$/],
    ["/instance_name", /^tandem$/],
  ])("GET %s", async (path, text) => {
    const response = await fetch(`${tandem.backendUrl}${path}`);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toMatch(/^text\/plain/);
    expect(await response.text()).toMatch(text);
  });

  test("/echo gives back what it gets", async () => {
    const body = new Uint8Array(100_000).map((_, i) => i);
    const response = await fetch(`${tandem.backendUrl}/echo`, { method: "POST", body });
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(body);
  });

  test("an unknown route is 404, with nothing in it", async () => {
    const response = await fetch(`${tandem.backendUrl}/api/nothing/here`);
    expect(response.status).toBe(404);
    expect(await response.text()).toBe("");
  });

  test("pages of any origin may call it, with credentials", async () => {
    const origin = "https://app.example.com";
    const preflight = await fetch(`${tandem.backendUrl}/api/query`, {
      method: "OPTIONS",
      headers: {
        origin,
        "access-control-request-method": "POST",
        "access-control-request-headers": "content-type,convex-client",
      },
    });
    expect(preflight.ok).toBe(true);
    expect(preflight.headers.get("access-control-allow-origin")).toBe(origin);
    expect(preflight.headers.get("access-control-allow-credentials")).toBe("true");
    expect(preflight.headers.get("access-control-allow-headers")).toBe("content-type,convex-client");
    expect(preflight.headers.get("access-control-allow-methods")).toContain("POST");
    for (const body of [{ path: "counters:read", args: { name: "x" } }, {}]) {
      const { headers } = await call("/api/query", body, { origin });
      expect(headers.get("access-control-allow-origin")).toBe(origin);
      expect(headers.get("vary")).toMatch(/origin/i);
    }
  });

  test("functions' log lines can be followed by an admin", async () => {
    await call("/api/action", { path: "acting:double", args: { n: 4 } });
    const url = `${tandem.backendUrl}/api/stream_function_logs?cursor=0`;
    expect((await fetch(url)).status).toBe(403);
    const { entries, newCursor } = (await (await fetch(url, { headers: admin() })).json()) as {
      entries: { identifier: string; kind: string }[];
      newCursor: number;
    };
    expect(newCursor).toBeGreaterThan(0);
    expect(entries.map(({ identifier }) => identifier).join()).toContain("acting");
  });

  test("tools learn where it is, and what their key may do", async () => {
    const get = async (path: string) =>
      (await fetch(`${tandem.backendUrl}${path}`, { headers: admin() })).json();
    expect(await get("/api/v1/get_canonical_urls")).toEqual({
      convexCloudUrl: tandem.backendUrl,
      convexSiteUrl: tandem.siteUrl,
    });
    expect(await get("/api/check_admin_key")).toMatchObject({ success: true });
    expect(await get("/api/list_environment_variables")).toMatchObject({
      environmentVariables: { GREETING: "hello" },
    });
  });

  test("an app without HTTP actions says so at the site's address", async () => {
    const response = await fetch(`${tandem.siteUrl}/anything`);
    expect(response.status).toBe(404);
    expect(await response.text()).toBe("This Convex deployment does not have HTTP actions enabled.");
  });
});
