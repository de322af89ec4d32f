import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

/** A project in a temporary folder. */
export interface FixtureProject {
  readonly root: string;
  write(file: string, text: string): void;
  [Symbol.dispose](): void;
}

const modules = path.resolve(import.meta.dirname, "../../../../../node_modules");

/**
 * Makes a project with these files besides its `package.json`, in which `convex` is the genuine package, so
 * that both commands bundle the same things.
 */
export function createFixtureProject(
  files: Record<string, string>,
  dependencies: Record<string, string> = {},
): FixtureProject {
  const root = mkdtempSync(path.join(tmpdir(), "convex-cli-"));
  const write = (file: string, text: string): void => {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
  };
  write(
    "package.json",
    JSON.stringify({ name: "fixture", private: true, dependencies: { convex: "1.48.0", ...dependencies } }),
  );
  for (const [file, text] of Object.entries(files)) write(file, text);
  mkdirSync(path.join(root, "node_modules/@types"), { recursive: true });
  symlinkSync(path.join(modules, "convex-genuine"), path.join(root, "node_modules/convex"));
  symlinkSync(path.join(modules, "typescript"), path.join(root, "node_modules/typescript"));
  symlinkSync(path.join(modules, "@types/node"), path.join(root, "node_modules/@types/node"));
  return {
    root,
    write,
    [Symbol.dispose]() {
      rmSync(root, { recursive: true, force: true });
    },
  };
}

/** A small app with one of everything that bundling treats in its own way. */
export const sampleApp: Record<string, string> = {
  "convex/schema.ts": `import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";
export default defineSchema({
  messages: defineTable({ body: v.string(), author: v.optional(v.id("users")) }).index("by_author", ["author"]),
  users: defineTable({ name: v.string() }),
});
`,
  "convex/auth.config.ts": `export default { providers: [{ domain: process.env.ISSUER, applicationID: "convex" }] };\n`,
  "convex/lib/shout.ts": "export const shout = (text: string) => text.toUpperCase();\n",
  "convex/messages.ts": `import { v } from "convex/values";
import { internalMutation, mutation, query } from "./_generated/server";
import { shout } from "./lib/shout";
export const list = query({ args: {}, handler: (ctx) => ctx.db.query("messages").collect() });
export const send = mutation({
  args: { body: v.string() },
  handler: async (ctx, { body }) => { await ctx.db.insert("messages", { body: shout(body) }); },
});
export const clean = internalMutation({ args: {}, handler: async () => 1 });
`,
  "convex/deep/er/stats.ts": `import { query } from "../../_generated/server";
export default query({ args: {}, handler: async (ctx) => (await ctx.db.query("users").collect()).length });
`,
  "convex/hashing.ts": `"use node";
import { createHash } from "node:crypto";
import { action } from "./_generated/server";
export const hash = action({ args: {}, handler: async () => createHash("sha256").digest("hex") });
`,
  "convex/http.ts": `import { httpRouter } from "convex/server";
import { httpAction } from "./_generated/server";
const http = httpRouter();
http.route({ path: "/hello", method: "GET", handler: httpAction(async () => new Response("hello")) });
export default http;
`,
  "convex/crons.ts": `import { cronJobs } from "convex/server";
import { internal } from "./_generated/api";
const crons = cronJobs();
crons.interval("clean", { hours: 1 }, internal.messages.clean);
export default crons;
`,
  "convex/plain.js": "export const answer = 42;\n",
  "convex/messages.test.ts": "export const ignored = 1;\n",
  "convex/notes.ts": "const ignored = 1;\n",
  "convex/.hidden.ts": "export const ignored = 1;\n",
  "convex/with space.ts": "export const ignored = 1;\n",
};
