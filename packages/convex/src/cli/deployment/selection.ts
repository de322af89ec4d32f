import { existsSync } from "node:fs";
import path from "node:path";
import { Failure } from "../failure.ts";
import { readEnvFile } from "../project/env_file.ts";
import type { Deployment } from "./http.ts";

/** The options by which every command can be pointed at a deployment. */
export interface SelectionOptions {
  /** A file of environment variables that alone decides. */
  readonly envFile?: string | undefined;
  readonly url?: string | undefined;
  readonly adminKey?: string | undefined;
}

/** Which deployment a command works on. */
export type Selection =
  | { readonly type: "configured"; readonly deployment: Deployment; readonly from: string }
  /** Nothing is configured: a backend of the project's own, on this machine. */
  | { readonly type: "local" };

const urlName = "CONVEX_SELF_HOSTED_URL";
const keyName = "CONVEX_SELF_HOSTED_ADMIN_KEY";

/**
 * Chooses the deployment by the precedence of R §4.1: `--env-file`, then `--url` and `--admin-key`, then the
 * environment, `.env.local` and `.env` (in this order, name by name). Throws a {@link Failure} for half a
 * configuration, for a contradictory one, and for the cloud's, which this command does not talk to.
 */
export function selectDeployment(
  root: string,
  options: SelectionOptions,
  environment: Record<string, string | undefined>,
): Selection {
  if (options.envFile !== undefined) {
    const file = path.resolve(options.envFile);
    if (!existsSync(file)) throw new Failure(`--env-file: there is no file ${file}.`);
    const selected = fromVariables(readEnvFile(file), options.envFile);
    if (selected.type === "local") {
      throw new Failure(`${options.envFile} names no deployment. It must set ${urlName} and ${keyName}.`);
    }
    return selected;
  }
  if (options.url !== undefined || options.adminKey !== undefined) {
    if (options.url === undefined || options.adminKey === undefined) {
      throw new Failure(
        `--url and --admin-key belong together: ${options.url === undefined ? "--url" : "--admin-key"} is missing.`,
      );
    }
    return configured(options.url, options.adminKey, "--url");
  }
  const merged: Record<string, string> = {
    ...readEnvFile(path.join(root, ".env")),
    ...readEnvFile(path.join(root, ".env.local")),
  };
  for (const [name, value] of Object.entries(environment)) if (value !== undefined) merged[name] = value;
  return fromVariables(merged, "the environment, .env.local and .env");
}

function fromVariables(variables: Record<string, string>, from: string): Selection {
  const set = (name: string): string | undefined => variables[name] || undefined;
  const [url, adminKey, deployment] = [set(urlName), set(keyName), set("CONVEX_DEPLOYMENT")];
  for (const name of ["CONVEX_DEPLOY_KEY", "CONVEX_DEPLOYMENT_TOKEN"]) {
    if (set(name) === undefined) continue;
    throw new Failure(
      `${name} is set (in ${from}). It opens a deployment in the Convex cloud, which this command does not use. Unset it, and set ${urlName} and ${keyName}.`,
    );
  }
  if (url === undefined && adminKey === undefined) {
    // Left over by a local deployment of the genuine command: the local backend takes its place.
    if (deployment === undefined || /^(local|anonymous):/.test(deployment)) return { type: "local" };
    throw new Failure(
      `CONVEX_DEPLOYMENT=${deployment} (in ${from}) names a deployment in the Convex cloud, which this command does not use. Remove it to work with a backend on this machine, or set ${urlName} and ${keyName} instead.`,
    );
  }
  if (url === undefined || adminKey === undefined) {
    const [present, missing] = url === undefined ? [keyName, urlName] : [urlName, keyName];
    throw new Failure(`${present} is set (in ${from}), but ${missing} is not. Set both, or neither.`);
  }
  if (deployment !== undefined) {
    throw new Failure(
      `Both CONVEX_DEPLOYMENT and ${urlName} are set (in ${from}), which contradict each other. Remove CONVEX_DEPLOYMENT.`,
    );
  }
  return configured(url, adminKey, from);
}

function configured(url: string, adminKey: string, from: string): Selection {
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) {
    throw new Failure(
      `The address of the deployment (in ${from}) is "${url}", but must look like http://127.0.0.1:3210.`,
    );
  }
  return { type: "configured", deployment: { url: url.replace(/\/+$/, ""), adminKey }, from };
}
