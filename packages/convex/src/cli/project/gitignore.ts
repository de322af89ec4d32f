import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

/**
 * Adds what must not be committed to the project's `.gitignore`, if no line there covers it yet.
 * Returns the lines added.
 */
export function ignoreInGit(root: string, names: readonly string[]): string[] {
  const file = path.join(root, ".gitignore");
  const before = existsSync(file) ? readFileSync(file, "utf8") : "";
  const patterns = before.split(/\r?\n/).map((line) => line.trim());
  const missing = names.filter((name) => !patterns.some((pattern) => covers(pattern, name)));
  if (missing.length === 0) return [];
  const start = before === "" || before.endsWith("\n") ? before : `${before}\n`;
  writeFileSync(file, `${start}${missing.join("\n")}\n`);
  return missing;
}

function covers(pattern: string, name: string): boolean {
  if (pattern === "" || pattern.startsWith("#") || pattern.startsWith("!")) return false;
  const bare = pattern.replace(/^(\*\*)?\//, "").replace(/\/(\*\*?)?$/, "");
  const regex = bare
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", "[^/]*")
    .replaceAll("?", "[^/]");
  return new RegExp(`^${regex}$`).test(name);
}
