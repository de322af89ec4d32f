import type { PlainFunction } from "@tandem/runtime/simulation";
import { afterEach, expect, it } from "vitest";
import { push } from "./testing/push_app.ts";
import { type StartedDeployment, startDeployment } from "./testing/start_deployment.ts";

let started: StartedDeployment;
afterEach(() => started.close());

const all = { start: "", end: null };

const functions = new Map<string, PlainFunction>([
  [
    "notes.js:add",
    { kind: "mutation", run: (db, args) => db.insert("notes", { text: args.text!, rank: 1 }) as string },
  ],
  [
    "notes.js:list",
    {
      kind: "query",
      run: (db) => {
        const rows = db.scan("notes", "by_it", all, "asc", 10_000);
        return (rows as { document: unknown }[]).length;
      },
    },
  ],
]);

const files = (fields: string) => ({
  "notes.ts": `
    import { queryGeneric, mutationGeneric } from "convex/server";
    export const list = queryGeneric(async () => 0);
    export const add = mutationGeneric(async () => null);`,
  "schema.ts": `
    import { defineSchema, defineTable } from "convex/server";
    import { v } from "convex/values";
    export default defineSchema({
      notes: defineTable({ text: v.string(), rank: v.optional(v.number()) }).index("by_it", ${fields}),
    });`,
});

it("no request fails while pushes change the fields of an index that it reads", async () => {
  started = await startDeployment(functions);
  await push(started, files(`["text"]`));
  const { engine, deployment, lanes } = started;
  const call = (path: string, args: object) => ({
    ...deployment.current,
    path,
    args: JSON.stringify(args),
    identity: null,
    requestId: "0",
    internal: false,
  });
  let pushing = true;
  let added = 0;
  const requests = (async () => {
    while (pushing) {
      const written = await lanes.mutation({ ...call("notes.js:add", { text: String(added) }), once: null });
      expect(written.result).toMatchObject({ kind: "value" });
      added += 1;
      const read = await lanes.query({ ...call("notes.js:list", {}), at: engine.durable, journal: null });
      expect(read.result).toEqual({ kind: "value", value: String(added) });
      await new Promise((resolve) => setImmediate(resolve));
    }
  })();
  for (const fields of [`["rank"]`, `["rank", "text"]`, `["text"]`]) await push(started, files(fields));
  pushing = false;
  await requests;
  expect(added).toBeGreaterThan(3);
  expect(started.reported).toEqual([]);
});
