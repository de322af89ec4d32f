import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { Failure, messageOf } from "../failure.ts";

/** What `convex.json` says, with the defaults filled in (R §5.2). */
export interface ProjectConfig {
  /** Folder of the functions relative to the project, with a slash at the end. */
  readonly functions: string;
  readonly node: {
    /** Packages left out of Node bundles; `*` means all that are installed. */
    readonly externalPackages: readonly string[];
    readonly nodeVersion: string | undefined;
  };
  readonly codegen: {
    readonly staticApi: boolean;
    readonly staticDataModel: boolean;
    readonly fileType: "ts" | "js/dts";
  };
  readonly bundler: { readonly includeSourcesContent: boolean };
  readonly generateCommonJSApi: boolean;
  readonly typescriptCompiler: "tsc" | "tsgo";
}

/** A folder with a `package.json`, and where its functions are. */
export interface Project {
  /** Absolute path of the folder with the `package.json`. */
  readonly root: string;
  /** Absolute path of the functions folder, without a slash at the end. */
  readonly functionsDir: string;
  readonly config: ProjectConfig;
  /** Names of all packages that `package.json` lists, in whichever section. */
  readonly packages: ReadonlySet<string>;
}

/** Finds the project at `from` or in a folder above it and reads its settings. Throws a {@link Failure}. */
export function openProject(from: string): Project {
  let root = path.resolve(from);
  while (!existsSync(path.join(root, "package.json"))) {
    const parent = path.dirname(root);
    if (parent === root) {
      throw new Failure(
        `No package.json in ${path.resolve(from)} or any folder above it. Change to your project's folder, or create one with \`npm init\`.`,
      );
    }
    root = parent;
  }
  const manifest = readObject(path.join(root, "package.json"));
  const packages = new Set<string>();
  for (const section of ["dependencies", "devDependencies", "peerDependencies", "optionalDependencies"]) {
    for (const name of Object.keys(objectOrEmpty(manifest[section]))) packages.add(name);
  }
  const file = path.join(root, "convex.json");
  const config = existsSync(file) ? readConfig(readObject(file), file) : readConfig({}, file);
  return { root, functionsDir: path.resolve(root, config.functions), config, packages };
}

/** Checks the parsed content of a `convex.json`; unknown fields are left alone. */
export function readConfig(json: Record<string, unknown>, file: string): ProjectConfig {
  const wrong = (field: string, value: unknown, expected: string): Failure =>
    new Failure(`${file}: \`${field}\` is ${JSON.stringify(value)}, but must be ${expected}.`);
  const text = (field: string, value: unknown): string | undefined => {
    if (value === undefined || typeof value === "string") return value;
    throw wrong(field, value, "a string");
  };
  const flag = (field: string, value: unknown): boolean => {
    if (value === undefined) return false;
    if (typeof value === "boolean") return value;
    throw wrong(field, value, "true or false");
  };
  const choice = <T extends string>(field: string, value: unknown, choices: readonly T[], usual: T): T => {
    if (value === undefined) return usual;
    const found = choices.find((one) => one === value);
    if (found === undefined) throw wrong(field, value, choices.map((one) => `"${one}"`).join(" or "));
    return found;
  };
  const node = objectOrEmpty(json.node);
  const codegen = objectOrEmpty(json.codegen);
  const bundler = objectOrEmpty(json.bundler);
  const external = node.externalPackages ?? [];
  if (!Array.isArray(external) || external.some((name) => typeof name !== "string")) {
    throw wrong("node.externalPackages", external, "a list of package names");
  }
  const functions = text("functions", json.functions) ?? "convex/";
  return {
    functions: functions.endsWith("/") ? functions : `${functions}/`,
    node: {
      externalPackages: external as string[],
      nodeVersion: text("node.nodeVersion", node.nodeVersion),
    },
    codegen: {
      staticApi: flag("codegen.staticApi", codegen.staticApi),
      staticDataModel: flag("codegen.staticDataModel", codegen.staticDataModel),
      fileType: choice("codegen.fileType", codegen.fileType, ["ts", "js/dts"], "js/dts"),
    },
    bundler: {
      includeSourcesContent: flag("bundler.includeSourcesContent", bundler.includeSourcesContent),
    },
    generateCommonJSApi: flag("generateCommonJSApi", json.generateCommonJSApi),
    typescriptCompiler: choice("typescriptCompiler", json.typescriptCompiler, ["tsc", "tsgo"], "tsc"),
  };
}

function readObject(file: string): Record<string, unknown> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new Failure(`${file} is not valid JSON: ${messageOf(error)}`, { cause: error });
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) {
    throw new Failure(`${file} must hold a JSON object.`);
  }
  return parsed as Record<string, unknown>;
}

function objectOrEmpty(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
