import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { Failure } from "../failure.ts";
import { usesNode } from "./directives.ts";

const extensions = [".js", ".mjs", ".cjs", ".ts", ".tsx", ".mts", ".cts", ".jsx"];

/** The modules of a functions folder, as absolute paths in the order of the walk. */
export interface EntryPoints {
  readonly isolate: readonly string[];
  readonly node: readonly string[];
}

/** Tells why a file is not pushed, or of something that looks like a slip. For `--verbose` and warnings. */
export interface EntryPointReport {
  skipped?(file: string, why: string): void;
  suspicious?(text: string): void;
}

/**
 * Finds the files that become modules of the backend, by the rules of R §5.1, and splits them by the
 * environment that they ask for. Throws a {@link Failure} for what must not be in the folder.
 */
export function findEntryPoints(functionsDir: string, report: EntryPointReport = {}): EntryPoints {
  const isolate: string[] = [];
  const node: string[] = [];
  for (const file of walk(functionsDir, report)) {
    const relative = path.relative(functionsDir, file);
    if (relative.startsWith(`_deps${path.sep}`)) {
      throw new Failure(
        `${file} lies in the folder \`_deps\`, which is kept for bundled dependencies. Move it to another folder.`,
        { remedy: { type: "files" } },
      );
    }
    const base = path.basename(file);
    if (!relative.includes(path.sep) && base.toLowerCase().startsWith("https.") && importsHttpRouter(file)) {
      report.suspicious?.(
        `${file} makes an HTTP router, but routes are read from http${path.extname(file)} only. Rename the file.`,
      );
    }
    const why = whySkipped(relative, base) ?? whyEmpty(file);
    if (why !== undefined) {
      report.skipped?.(file, why);
      continue;
    }
    (wantsNode(relative, file) ? node : isolate).push(file);
  }
  return { isolate, node };
}

/** Path of a module as the deployment knows it: `a/b.ts` becomes `a/b.js`, with forward slashes. */
export function modulePath(functionsDir: string, file: string): string {
  const relative = path.relative(functionsDir, file).split(path.sep).join("/");
  return `${relative.slice(0, relative.length - path.extname(relative).length)}.js`;
}

function* walk(folder: string, report: EntryPointReport): Generator<string> {
  const entries = readdirSync(folder, { withFileTypes: true });
  entries.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  for (const entry of entries) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) {
      if (existsSync(path.join(file, "convex.config.ts")))
        report.skipped?.(file, "it is a component of its own");
      else yield* walk(file, report);
    } else if (entry.isFile()) {
      yield file;
    }
  }
}

function whySkipped(relative: string, base: string): string | undefined {
  if (!extensions.some((extension) => relative.endsWith(extension)))
    return "it is not JavaScript or TypeScript";
  if (relative.startsWith(`_generated${path.sep}`)) return "it is generated";
  if (base.startsWith(".")) return "its name starts with a dot";
  if (base.startsWith("#")) return "it looks like an editor's temporary file";
  if (base === "schema.ts" || base === "schema.js") return "schemas are pushed on their own";
  if (base.split(".").length > 2) return "its name has more than one dot";
  if (relative.includes(" ")) return "its path has a space";
  return undefined;
}

function whyEmpty(file: string): string | undefined {
  if (!file.endsWith(".ts") && !file.endsWith(".tsx")) return undefined;
  if (/^\s{0,100}(import|export)/m.test(readFileSync(file, "utf8"))) return undefined;
  return "it neither imports nor exports anything";
}

function wantsNode(relative: string, file: string): boolean {
  if (usesNode(readFileSync(file, "utf8"))) {
    const name = relative.slice(0, relative.length - path.extname(relative).length);
    if (["http", "crons", "schema", "auth.config"].includes(name)) {
      throw new Failure(
        `${relative} cannot run in Node.js. Remove its "use node" directive, and move what needs Node.js to an action in another file.`,
        { remedy: { type: "files" } },
      );
    }
    return true;
  }
  if (relative.startsWith(`actions${path.sep}`)) {
    throw new Failure(
      `${relative} lies in the folder \`actions\` but has no "use node" directive. Add the directive if it needs Node.js, or move the file elsewhere.`,
      { remedy: { type: "files" } },
    );
  }
  return false;
}

function importsHttpRouter(file: string): boolean {
  return /import\s*\{[^}]*\bhttpRouter\b[^}]*\}/.test(readFileSync(file, "utf8"));
}
