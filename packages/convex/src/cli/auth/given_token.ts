import { password } from "@clack/prompts";
import { type CommandContext, readStdin } from "../command.ts";
import { Failure } from "../failure.ts";
import { jsonObject } from "./fetched.ts";

/** The content of a JWT (RFC 7519), unverified. */
export interface DecodedToken {
  readonly header: Record<string, unknown>;
  readonly claims: Record<string, unknown>;
}

const shortestSecret = 20;

/** Reads a token from standard input, asking for it at a terminal. It is kept out of everything written. */
export async function readToken(given: true | string, context: CommandContext): Promise<string> {
  if (given !== true && given !== "-") {
    throw new Failure(
      "--token reads the token from standard input, and takes none from the command line, where the shell's history and other users see it. Pipe it in: npx convex auth doctor --token < token.txt",
    );
  }
  const text = context.stdin.isTTY === true ? await ask() : await readStdin(context);
  // As it is copied out of a header or a console.
  const token = text
    .trim()
    .replace(/^(?:Authorization:\s*)?Bearer\s+/i, "")
    .replace(/^(["'])(.*)\1$/s, "$2");
  if (token === "") {
    throw new Failure(
      "--token reads the token from standard input, which is empty. Pipe it in: npx convex auth doctor --token < token.txt",
    );
  }
  // A few letters would be blotted out of words as well; what is that short is no token.
  if (token.length >= shortestSecret) context.terminal.hide(token);
  return token;
}

/** The header and claims of a signed JWT, or undefined for anything else. */
export function decodeToken(token: string): DecodedToken | undefined {
  const parts = token.split(".");
  if (parts.length !== 3 || parts.some((part) => !/^[\w-]+$/.test(part))) return undefined;
  const [header, claims] = parts.map((part) => jsonObject(Buffer.from(part, "base64url").toString("utf8")));
  return header === undefined || claims === undefined ? undefined : { header, claims };
}

async function ask(): Promise<string> {
  const answer = await password({ message: "Token", output: process.stderr });
  if (typeof answer !== "string") throw new Failure("No token was given.");
  return answer;
}
