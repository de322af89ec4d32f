import path from "node:path";
import { readEnvFile } from "../project/env_file.ts";
import { type FrameworkNames, frameworkNames } from "../project/framework.ts";
import type { Examination } from "./examination.ts";

/** A variable that the app's build sees, and where it was found. */
export interface AppVariable {
  readonly name: string;
  /** The environment file, or "the environment". */
  readonly from: string;
  readonly value: string;
}

/**
 * The first of these names that the app's build sees in development, by its framework's precedence of files: the
 * environment of the process counts most.
 */
export function findAppVariable(
  { project, environment }: Pick<Examination, "project" | "environment">,
  names: readonly string[],
): AppVariable | undefined {
  const sources = [
    { from: "the environment", variables: environment },
    ...filesByPrecedence(frameworkNames(project.packages)).map((from) => ({
      from,
      variables: readEnvFile(path.join(project.root, from)),
    })),
  ];
  for (const name of names) {
    for (const { from, variables } of sources) {
      const value = variables[name];
      if (value !== undefined) return { name, from, value };
    }
  }
  return undefined;
}

/** The environment files of development, the one that counts most first. */
function filesByPrecedence({ framework, file }: FrameworkNames): readonly string[] {
  if (file === ".env") return [".env"];
  // Next.js puts `.env.local` over the file of the mode, Vite the other way round.
  const middle =
    framework === "Next.js" ? [".env.local", ".env.development"] : [".env.development", ".env.local"];
  return [".env.development.local", ...middle, ".env"];
}
