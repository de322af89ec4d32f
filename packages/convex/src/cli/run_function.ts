import { createHash } from "node:crypto";
import { type JSONValue, jsonToConvex, type Value } from "@tandem/values";
import JSON5 from "json5";
import type { DeploymentHttp } from "./deployment/http.ts";
import { runQueryOnce } from "./deployment/system_query.ts";
import { Failure, messageOf } from "./failure.ts";
import type { Terminal } from "./terminal/terminal.ts";
import { protocolVersion } from "./version.ts";

/** A call of a function with admin rights. */
export interface FunctionCall {
  /** Canonical name. */
  readonly name: string;
  /** In the JSON encoding of values. */
  readonly args: JSONValue;
  readonly componentPath?: string | undefined;
  readonly identity?: Record<string, unknown> | undefined;
}

/** Reads arguments as JSON or JSON5. Throws a {@link Failure} for anything but an object of values. */
export function parseArguments(text: string): { [name: string]: JSONValue } {
  const parsed = parseObject(text, "arguments", `'{"body": "hello"}'`) as { [name: string]: JSONValue };
  try {
    jsonToConvex(parsed);
  } catch (error) {
    throw new Failure(`The arguments are not right: ${messageOf(error)}`, { cause: error });
  }
  return parsed;
}

/** Reads the attributes of a user to act as, and fills in those that every identity has. */
export function parseIdentity(text: string): Record<string, unknown> {
  const given = parseObject(text, "identity", `'{"name": "John", "subject": "john"}'`);
  const subject =
    given.subject ?? createHash("sha256").update(JSON.stringify(given)).digest("hex").slice(0, 16);
  const issuer = given.issuer ?? "https://convex.test";
  return {
    ...given,
    subject,
    issuer,
    tokenIdentifier: given.tokenIdentifier ?? `${String(issuer)}|${String(subject)}`,
  };
}

/** Runs a function of any type. Its log lines go to stderr; resolves to its result as JSON. Throws a {@link Failure}. */
export async function runFunction(
  http: DeploymentHttp,
  call: FunctionCall,
  terminal: Terminal,
): Promise<JSONValue> {
  const { adminKey } = http.deployment;
  const acting =
    call.identity === undefined ? "" : `:${Buffer.from(JSON.stringify(call.identity)).toString("base64")}`;
  const answer = (await http.json("/api/function", {
    method: "POST",
    // A function may have run although no answer came, so it is never sent twice.
    retries: 0,
    headers: {
      Authorization: `Convex ${adminKey}${acting}`,
      // To a program of this name log lines come as text (R §4.10).
      "Convex-Client": `npm-${protocolVersion}`,
    },
    body: {
      ...(call.componentPath === undefined ? {} : { componentPath: call.componentPath }),
      path: call.name,
      format: "convex_encoded_json",
      args: call.args,
    },
  })) as {
    status: string;
    value?: JSONValue;
    errorMessage?: string;
    errorData?: JSONValue;
    logLines?: string[];
  };
  for (const line of answer.logLines ?? []) terminal.say(line);
  if (answer.status === "success") return answer.value ?? null;
  const message = answer.errorMessage ?? "The function failed.";
  const available = message.includes("Could not find") ? await listFunctions(http, call.componentPath) : "";
  const data = answer.errorData === undefined ? "" : `\nData: ${JSON.stringify(answer.errorData)}`;
  throw new Failure(`${call.name} failed:\n${message.trim()}${data}${available}`);
}

/** What to add to the message that a function was not found. */
async function listFunctions(http: DeploymentHttp, componentPath: string | undefined): Promise<string> {
  let functions: { functionType: string; identifier?: Value }[];
  try {
    functions = (await runQueryOnce(
      http.deployment,
      { path: "_system/cli/modules:apiSpec", args: {}, componentPath },
      { maxFailures: 1 },
    )) as typeof functions;
  } catch (error) {
    // What the user has to hear is that there is no such function.
    return `\n\nWhich functions exist could not be found out: ${messageOf(error)}`;
  }
  const names = functions.flatMap(({ functionType, identifier }) =>
    functionType === "HttpAction" || typeof identifier !== "string"
      ? []
      : [identifier.replace(/\.js(?=:|$)/, "")],
  );
  if (names.length === 0) return "\n\nThe deployment has no functions. Push yours with `npx convex dev`.";
  return `\n\nThese functions exist:\n${names.map((name) => `  ${name}`).join("\n")}`;
}

function parseObject(text: string, what: string, example: string): Record<string, unknown> {
  let parsed: unknown;
  try {
    parsed = JSON5.parse(text);
  } catch (error) {
    throw new Failure(
      `Could not read the ${what} as JSON (${messageOf(error)}): ${text}\nWrite for example ${example}.`,
      { cause: error },
    );
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) {
    throw new Failure(`The ${what} must be a JSON object, for example ${example}, but got: ${text}`);
  }
  return parsed as Record<string, unknown>;
}
