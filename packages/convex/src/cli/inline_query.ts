import type { JSONValue } from "@tandem/values";
import { transform } from "esbuild";
import type { DeploymentHttp } from "./deployment/http.ts";
import { Failure } from "./failure.ts";
import type { Terminal } from "./terminal/terminal.ts";

const wrappers = 'import { query, internalQuery } from "convex:/_system/repl/wrappers.js";';

/** The module of an inline query (R §4.9): of an expression, of statements, or of a module as it stands. */
export async function inlineQueryModule(text: string): Promise<string> {
  if (/\bexport\s+default\b/.test(text)) return text.includes("convex:/") ? text : `${wrappers}\n${text}`;
  const expression = `return (${text.replace(/;\s*$/, "")}\n);`;
  const body = (await isFunctionBody(expression)) ? expression : text;
  return `${wrappers}\nexport default query({ handler: async (ctx) => {\n${body}\n} });\n`;
}

/** Runs an inline query. Its log lines go to stderr; resolves to its result as JSON. Throws a {@link Failure}. */
export async function runInlineQuery(
  http: DeploymentHttp,
  text: string,
  terminal: Terminal,
): Promise<JSONValue> {
  const { adminKey } = http.deployment;
  const bundle = { path: "testQuery.js", source: await inlineQueryModule(text) };
  const answer = (await http.json("/api/run_test_function", {
    method: "POST",
    body: { adminKey, bundle, args: {}, format: "convex_encoded_json" },
  })) as { status: string; value?: JSONValue; errorMessage?: string; logLines?: string[] };
  for (const line of answer.logLines ?? []) terminal.say(line);
  if (answer.status === "success") return answer.value ?? null;
  throw new Failure(`The query failed:\n${(answer.errorMessage ?? "No reason was given.").trim()}`);
}

async function isFunctionBody(text: string): Promise<boolean> {
  try {
    await transform(`async (ctx) => {\n${text}\n}`, { loader: "js", logLevel: "silent" });
    return true;
  } catch {
    // Statements: that they are wrong, if they are, is told by the deployment.
    return false;
  }
}
