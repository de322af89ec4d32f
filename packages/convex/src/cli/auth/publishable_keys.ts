import { type FrameworkNames, frameworkNames, publishableKeyNames } from "../project/framework.ts";
import { type AppVariable, findAppVariable } from "./app_variables.ts";
import type { Examination } from "./examination.ts";

type Surroundings = Pick<Examination, "project" | "environment">;

/** The publishable key that the app gets in development. */
export function findPublishableKey(surroundings: Surroundings): AppVariable | undefined {
  return findAppVariable(surroundings, namesThatCount(frameworkNames(surroundings.project.packages)));
}

/** A publishable key under whatever name, even one that the app's framework does not show to its code. */
export function findMisnamedKey(surroundings: Surroundings): AppVariable | undefined {
  return findAppVariable(surroundings, publishableKeyNames);
}

/** The names under which the app's framework shows its code the key; the first is the usual one. */
function namesThatCount({ framework, clerkPublishableKey }: FrameworkNames): readonly string[] {
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
