import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { extname, join, relative, sep } from "node:path";
import type { Answer } from "./route.ts";

const TYPES: Readonly<Record<string, string>> = {
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".map": "application/json",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
  ".txt": "text/plain; charset=utf-8",
};

/** Seconds. */
const A_YEAR = 365 * 24 * 3600;

/** The type of a file by its name, or null for those that are not served. */
export function typeOfFile(name: string): string | null {
  return TYPES[extname(name).toLowerCase()] ?? null;
}

/**
 * The files of a folder, by their paths in it with `/`. They are listed once: what is asked for is only ever looked up
 * in that list, so that no path, however it is written, leads out of the folder.
 */
export function listFiles(folder: string): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    files.set(relative(folder, path).split(sep).join("/"), path);
  }
  return files;
}

/** A file as an answer. One whose name never comes again with other contents may be kept for ever. */
export async function answerFile(
  request: Request,
  path: string,
  { isImmutable, maxAge }: { readonly isImmutable: boolean; readonly maxAge: number },
): Promise<Answer> {
  const body = new Uint8Array(await readFile(path));
  const tag = `"${createHash("sha256").update(body).digest("base64url").slice(0, 22)}"`;
  const headers = [
    ["etag", tag],
    ["cache-control", isImmutable ? `public, max-age=${A_YEAR}, immutable` : `public, max-age=${maxAge}`],
  ] as const;
  if (request.headers.get("if-none-match") === tag) return { status: 304, headers };
  return { body, type: typeOfFile(path) ?? "application/octet-stream", headers };
}
