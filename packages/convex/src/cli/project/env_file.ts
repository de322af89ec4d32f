import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseEnv } from "node:util";
import { type FrameworkNames, siteUrlNames, urlNames } from "./framework.ts";

/** Reads text in the format of `.env` files: comments, `export`, quotes, values over several lines. */
export function parseEnvText(text: string): Record<string, string> {
  const parsed: Record<string, string> = {};
  for (const [name, value] of Object.entries(parseEnv(text.replace(/^\uFEFF/, "")))) {
    if (value !== undefined) parsed[name] = value;
  }
  return parsed;
}

/** The variables of an environment file, or an empty object when there is no such file. */
export function readEnvFile(file: string): Record<string, string> {
  return existsSync(file) ? parseEnvText(readFileSync(file, "utf8")) : {};
}

/**
 * Sets (or with `null` removes) one variable in the text of an environment file. All other lines, comments
 * and the order stay as they are. A name that is set several times is changed where it counts: at its last
 * line. Expects single-line values.
 */
export function changeEnvText(text: string, name: string, value: string | null): string {
  const lines = text.split("\n");
  const assignment = new RegExp(`^\\s*(?:export\\s+)?${name}\\s*=`);
  const places = lines.flatMap((line, index) => (assignment.test(line) ? [index] : []));
  const last = places.at(-1);
  if (value === null) return lines.filter((_, index) => !places.includes(index)).join("\n");
  if (last !== undefined) {
    const ending = lines[last]?.endsWith("\r") ? "\r" : "";
    lines[last] = `${name}=${value}${ending}`;
    return lines.join("\n");
  }
  const before = text === "" || text.endsWith("\n") ? text : `${text}\n`;
  return `${before}${name}=${value}\n`;
}

/** What {@link writeDeploymentUrls} did. */
export interface WrittenUrls {
  /** Name of the file, relative to the project. */
  readonly file: string;
  /** Names of the variables that got a new value; empty if everything was up to date. */
  readonly changed: readonly string[];
}

/**
 * Makes the project's environment file name the deployment. A file that already uses one of the known
 * names keeps it, even if another framework's: the project's code reads that one. `CONVEX_DEPLOYMENT`,
 * which would contradict a self-hosted deployment, is removed (R §4.2).
 */
export function writeDeploymentUrls(
  root: string,
  names: FrameworkNames,
  urls: { url: string; siteUrl: string | undefined },
): WrittenUrls {
  const name = existsSync(path.join(root, ".env.local")) ? ".env.local" : names.file;
  const file = path.join(root, name);
  const before = existsSync(file) ? readFileSync(file, "utf8") : "";
  const present = parseEnvText(before);
  const chosen = (expected: string, known: ReadonlySet<string>): string => {
    if (expected in present) return expected;
    const others = Object.keys(present).filter((one) => known.has(one));
    return others.length === 1 && others[0] !== undefined ? others[0] : expected;
  };
  let text = before;
  const changed: string[] = [];
  const set = (variable: string, value: string): void => {
    if (present[variable] === value) return;
    text = changeEnvText(text, variable, value);
    changed.push(variable);
  };
  set(chosen(names.url, urlNames), urls.url);
  if (urls.siteUrl !== undefined) set(chosen(names.siteUrl, siteUrlNames), urls.siteUrl);
  if ("CONVEX_DEPLOYMENT" in present) text = changeEnvText(text, "CONVEX_DEPLOYMENT", null);
  if (text !== before) writeFileSync(file, text);
  return { file: name, changed };
}

/**
 * Writes a value as it must stand after `NAME=` so that reading the file gives the same value back.
 * `warning` is set for values that the format cannot hold.
 */
export function formatEnvValue(value: string): { text: string; warning: string | undefined } {
  const readsBack = (text: string): boolean => parseEnvText(`V=${text}\n`).V === value;
  const plain = /^[^\s"'`#]*$/.test(value) || /^[^\s"'`#][^"'`#\n\r]*[^\s"'`#]$/.test(value);
  const forms = [
    ...(plain ? [value] : []),
    `'${value}'`,
    `"${value}"`,
    `\`${value}\``,
    `"${value.replaceAll("\n", "\\n")}"`,
  ];
  const text = forms.find(readsBack);
  return text === undefined
    ? {
        text: `'${value}'`,
        warning: "holds characters that a .env file cannot express, so reading it back gives something else",
      }
    : { text, warning: undefined };
}
