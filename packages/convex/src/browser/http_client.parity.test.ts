import { ConvexHttpClient as GenuineClient } from "convex-genuine/browser";
import { describe, expect, test } from "vitest";
import { makeFunctionReference } from "../server/api.ts";
import { ConvexHttpClient } from "./http_client.ts";

const list = makeFunctionReference<"query">("q:list");
const send = makeFunctionReference<"mutation">("m:send");
const run = makeFunctionReference<"action">("a:run");

type Asked = { path: string; authorization: string | null; client: string | null; body: unknown };

/** A server in the place of `fetch`: notes what it is asked and answers what `answer` says. */
function serverThat(
  answer: (asked: Asked) => { status?: number; body: unknown } | Promise<{ body: unknown }>,
) {
  const asked: Asked[] = [];
  const fetch: typeof globalThis.fetch = async (url, init) => {
    const headers = new Headers(init?.headers);
    const request = {
      path: new URL(String(url)).pathname,
      authorization: headers.get("authorization"),
      client: headers.get("convex-client"),
      body: init?.body ? JSON.parse(String(init.body)) : null,
    };
    asked.push(request);
    const { status = 200, body } = (await answer(request)) as { status?: number; body: unknown };
    return new Response(typeof body === "string" ? body : JSON.stringify(body), { status });
  };
  return { asked, fetch };
}

const failure = { status: "error", errorMessage: "Server Error", logLines: [] };

for (const [make, Client] of [
  ["ours", ConvexHttpClient],
  ["the genuine one", GenuineClient as unknown as typeof ConvexHttpClient],
] as const) {
  describe(`ConvexHttpClient, ${make}`, () => {
    const client = (fetch: typeof globalThis.fetch) =>
      new Client("http://127.0.0.1:3210", { fetch, logger: false });

    test("runs functions with encoded arguments and decodes their results", async () => {
      const { asked, fetch } = serverThat(() => ({
        body: { status: "success", value: { $integer: "AQAAAAAAAAA=" }, logLines: ["[LOG] hi"] },
      }));
      const http = client(fetch);
      expect(await http.query(list, { n: 1n })).toBe(1n);
      http.setAuth("token");
      await http.mutation(send, {});
      http.clearAuth();
      await http.action(run, { nothing: undefined });
      const format = "convex_encoded_json";
      expect(asked).toEqual([
        {
          path: "/api/query",
          authorization: null,
          client: "npm-1.48.0",
          body: { path: "q:list", format, args: [{ n: { $integer: "AQAAAAAAAAA=" } }] },
        },
        {
          path: "/api/mutation",
          authorization: "Bearer token",
          client: "npm-1.48.0",
          body: { path: "m:send", format, args: [{}] },
        },
        {
          path: "/api/action",
          authorization: null,
          client: "npm-1.48.0",
          body: { path: "a:run", format, args: [{}] },
        },
      ]);
    });

    test("throws what a function threw, as a ConvexError when there is data, even null", async () => {
      for (const status of [200, 560]) {
        const plain = client(serverThat(() => ({ status, body: failure })).fetch);
        await expect(plain.query(list)).rejects.toMatchObject({ name: "Error", message: "Server Error" });
        for (const errorData of [{ code: 1 }, null]) {
          const data = client(serverThat(() => ({ status, body: { ...failure, errorData } })).fetch);
          await expect(data.action(run)).rejects.toMatchObject({ name: "ConvexError", data: errorData });
        }
      }
    });

    test("throws the text of an answer that is an error of the server", async () => {
      const http = client(serverThat(() => ({ status: 503, body: "overloaded" })).fetch);
      await expect(http.query(list)).rejects.toThrow("overloaded");
    });

    test("runs mutations one after another, past failures, unless told not to wait", async () => {
      const finish: (() => void)[] = [];
      const { asked, fetch } = serverThat(
        ({ body }) =>
          new Promise((resolve) => {
            const first = JSON.stringify(body).includes('"n":1');
            finish.push(() => resolve({ body: first ? failure : { status: "success", value: null } }));
          }),
      );
      const http = client(fetch);
      const first = http.mutation(send, { n: 1 });
      const second = http.mutation(send, { n: 2 });
      const third = http.mutation(send, { n: 3 }, { skipQueue: true });
      const order = () => asked.map(({ body }) => (body as { args: [{ n: number }] }).args[0].n).sort();
      await expect.poll(order).toEqual([1, 3]);
      for (const done of finish.splice(0)) done();
      await expect(first).rejects.toThrow("Server Error");
      await third;
      await expect.poll(order).toEqual([1, 2, 3]);
      for (const done of finish) done();
      await second;
    });

    test("consistent queries ask for the time once and read at it", async () => {
      const { asked, fetch } = serverThat(({ path }) => ({
        body: path === "/api/query_ts" ? { ts: "AQAAAAAAAAA=" } : { status: "success", value: 1 },
      }));
      const http = client(fetch);
      await Promise.all([http.consistentQuery(list), http.consistentQuery(list)]);
      expect(asked.map(({ path }) => path)).toEqual([
        "/api/query_ts",
        "/api/query_at_ts",
        "/api/query_at_ts",
      ]);
      expect(asked[1]?.body).toMatchObject({ path: "q:list", ts: "AQAAAAAAAAA=" });
    });

    test("an admin may act as a user", async () => {
      const { asked, fetch } = serverThat(() => ({ body: { status: "success", value: null } }));
      const http = client(fetch);
      http.setAdminAuth("name|key");
      await http.query(list);
      http.setAdminAuth("name|key", { subject: "u", issuer: "https://é" });
      await http.query(list);
      expect(asked[0]?.authorization).toBe("Convex name|key");
      const [, identity] = asked[1]!.authorization!.split(":");
      expect(JSON.parse(Buffer.from(identity!, "base64").toString())).toEqual({
        subject: "u",
        issuer: "https://é",
      });
    });

    test("refuses what is no address of a deployment", () => {
      for (const address of [undefined, "127.0.0.1:3210", "https://", "https://happy-otter-1.convex.site"]) {
        expect(() => new Client(address as string)).toThrow(/deployment address|deployment url/i);
      }
    });
  });
}
