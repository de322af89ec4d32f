import path from "node:path";
import { readEnvFile } from "../project/env_file.ts";
import { type FrameworkNames, frameworkNames, publishableKeyNames } from "../project/framework.ts";
import type { Examination } from "./examination.ts";

/** A publishable key and where it was found. */
export interface FoundKey {
  readonly name: string;
  /** The environment file, or "the environment". */
  readonly from: string;
  readonly value: string;
}

/** The names under which the app's framework shows its code the publishable key; the first is the usual one. */
export function namesThatCount({ framework, clerkPublishableKey }: FrameworkNames): readonly string[] {
  switch (framework) {
    case undefined:
      return publishableKeyNames;
    case "TanStack Start":
      // Its server reads the plain name and hands the key on to the page (B §3.2).
      return [clerkPublishableKey, "CLERK_PUBLISHABLE_KEY"];
    default:
      return [clerkPublishableKey];
  }
}

/** The publishable key that the app gets in development, by its framework's names and precedence of files. */
export function findPublishableKey(
  examination: Pick<Examination, "project" | "environment">,
): FoundKey | undefined {
  return findKey(examination, namesThatCount(frameworkNames(examination.project.packages)));
}

/** A key under a name that the app's framework does not show to its code. */
export function findMisnamedKey(
  examination: Pick<Examination, "project" | "environment">,
): FoundKey | undefined {
  return findKey(examination, publishableKeyNames);
}

function findKey(
  { project, environment }: Pick<Examination, "project" | "environment">,
  names: readonly string[],
): FoundKey | undefined {
  const { framework, file } = frameworkNames(project.packages);
  const sources = [
    { from: "the environment", variables: environment },
    ...filesByPrecedence(framework, file).map((from) => ({
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
function filesByPrecedence(framework: string | undefined, file: FrameworkNames["file"]): readonly string[] {
  if (file === ".env") return [".env"];
  // Next.js puts `.env.local` over the file of the mode, Vite the other way round.
  const middle =
    framework === "Next.js" ? [".env.local", ".env.development"] : [".env.development", ".env.local"];
  return [".env.development.local", ...middle, ".env"];
}
