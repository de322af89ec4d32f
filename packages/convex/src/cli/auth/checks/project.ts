import { existsSync } from "node:fs";
import path from "node:path";
import { isLocalIssuer } from "../../identity/issuer_variable.ts";
import { readEnvFile } from "../../project/env_file.ts";
import type { Examination } from "../examination.ts";
import { type Finding, fault, good } from "../finding.ts";
import { configName } from "../local_config.ts";

/** Variables that every deployment has by itself. */
const systemVariables = new Set(["CONVEX_CLOUD_URL", "CONVEX_SITE_URL"]);

/** Is there an `auth.config`, can it be evaluated, and has the deployment the variables that it reads? */
export function checkProject(examination: Examination): Finding[] {
  const { project, config } = examination;
  const name = configName(project);
  switch (config.type) {
    case "missing":
      return [missing(examination, name)];
    case "broken":
      return [
        fault("auth_config_broken", `${name} cannot be read:\n${config.why}`, {
          remedy: `Correct ${name} as the message says.`,
        }),
      ];
    case "refused": {
      const unset = config.reads.flatMap((name) => checkUnset(examination, name));
      if (config.code === "AuthConfigMissingEnvironmentVariable" && unset.length > 0) return unset;
      return [
        ...unset,
        fault("auth_config_refused", `The deployment refuses ${name}: ${config.why}`, {
          remedy: `Correct ${name} as the message says.`,
        }),
      ];
    }
    case "evaluated": {
      const outdated = config.reads.flatMap((name) => checkOutdated(examination, name));
      if (outdated.length > 0) return outdated;
      const reads = config.reads.length === 0 ? "" : ` and reads ${config.reads.join(", ")}`;
      const state = config.reads.length === 0 ? "" : ", which the deployment has";
      return [good("auth_config_present", `${name} is there${reads}${state}.`)];
    }
    default:
      return config satisfies never;
  }
}

function missing({ project, identity }: Examination, name: string): Finding {
  const meaning = "Without it the deployment trusts no issuer, and refuses every token.";
  const stray = ["auth.config.ts", "auth.config.js"].find((file) =>
    existsSync(path.join(project.root, file)),
  );
  if (stray !== undefined) {
    return fault("auth_config_misplaced", `${stray} lies beside package.json, where it is not read.`, {
      meaning,
      remedy: `Move it to ${name}.`,
    });
  }
  return fault("auth_config_missing", `There is no ${name}.`, {
    meaning,
    remedy: [
      `Create ${name} with:`,
      "export default {",
      "  providers: [",
      `    { domain: process.env.CLERK_JWT_ISSUER_DOMAIN!, applicationID: "convex" },`,
      "  ],",
      "};",
      `and set the variable: npx convex env set CLERK_JWT_ISSUER_DOMAIN ${identity?.issuer ?? "<the issuer's address>"}`,
    ].join("\n"),
  });
}

function checkUnset({ project, variables, identity }: Examination, name: string): Finding[] {
  if (systemVariables.has(name) || variables.has(name)) return [];
  const file = [".env.local", ".env"].find((one) => name in readEnvFile(path.join(project.root, one)));
  const isIssuer = /ISSUER|DOMAIN|CLERK_FRONTEND_API/.test(name);
  const value = isIssuer ? (identity?.issuer ?? "<the issuer's address>") : "<value>";
  return [
    fault("variable_unset", `${name}, which ${configName(project)} reads, is not set on the deployment.`, {
      meaning:
        file === undefined
          ? "The file cannot be evaluated without it, so it cannot be pushed."
          : `It stands in ${file}, but only this machine reads that file; the deployment has variables of its own.`,
      remedy: `npx convex env set ${name} ${value}`,
    }),
  ];
}

function checkOutdated({ variables, identity }: Examination, name: string): Finding[] {
  const value = variables.get(name);
  if (value === undefined || identity === undefined) return [];
  if (!isLocalIssuer(value) || value === identity.issuer) return [];
  return [
    fault("issuer_outdated", `${name} is ${value}, but the local issuer is ${identity.issuer} now.`, {
      meaning: "An earlier start had other ports, or another server has that address.",
      remedy: `npx convex env set ${name} ${identity.issuer}`,
    }),
  ];
}
