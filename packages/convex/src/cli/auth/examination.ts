import type { AuthInfo } from "@tandem/protocol";
import type { CommandContext, OpenDeployment } from "../command.ts";
import type { Deployment } from "../deployment/http.ts";
import type { LocalIdentity } from "../deployment/local_backend.ts";
import { runQueryOnce } from "../deployment/system_query.ts";
import { Failure } from "../failure.ts";
import type { Project } from "../project/config.ts";
import type { ClockReading } from "./clock_reading.ts";
import { fetchText, type Reach } from "./fetched.ts";
import { type LocalConfig, readLocalConfig } from "./local_config.ts";

/** What the checks look at. */
export interface Examination {
  readonly project: Project;
  readonly deployment: Deployment;
  /** The address by which clients reach it. */
  readonly publicUrl: string;
  /** Whether it is the backend of this machine that the commands start by themselves. */
  readonly isLocal: boolean;
  /** The identity server beside it, if one runs. */
  readonly identity: LocalIdentity | undefined;
  /** Environment of this process. */
  readonly environment: Record<string, string | undefined>;
  /** Environment variables of the deployment. */
  readonly variables: ReadonlyMap<string, string>;
  readonly config: LocalConfig;
  /** The providers by which the deployment judges tokens now. */
  readonly deployed: readonly AuthInfo[];
  /**
   * The providers to look at: those of the file, which the next push puts into effect, or else the deployed ones.
   */
  readonly providers: readonly AuthInfo[];
  readonly deploymentClock: ClockReading | undefined;
  readonly reach: Reach;
}

/** Gathers what the checks look at. Changes nothing. Throws a {@link Failure} when the deployment cannot be asked. */
export async function beginExamination(
  project: Project,
  opened: OpenDeployment,
  context: CommandContext,
  reach: Reach,
): Promise<Examination> {
  const { deployment, http } = opened;
  const ask = (path: string) => runQueryOnce(deployment, { path, args: {} }, { signal: context.signal });
  const config = await readLocalConfig(project, http, context.signal);
  const variables = (await ask("_system/cli/queryEnvironmentVariables")) as { name: string; value: string }[];
  const deployed = (await ask("_system/frontend/listAuthProviders")) as unknown as AuthInfo[];
  const urls = (await http.json("/api/v1/get_canonical_urls", { signal: context.signal })) as {
    convexCloudUrl: string;
  };
  return {
    project,
    deployment,
    publicUrl: urls.convexCloudUrl,
    isLocal: opened.local !== undefined,
    identity: opened.local?.identity,
    environment: context.environment,
    variables: new Map(variables.map(({ name, value }) => [name, value])),
    config,
    deployed,
    providers: config.type === "evaluated" ? config.providers : deployed,
    deploymentClock: await clockOf(deployment, reach),
    reach,
  };
}

async function clockOf(deployment: Deployment, reach: Reach): Promise<ClockReading | undefined> {
  const answer = await fetchText(reach, `${deployment.url}/version`);
  if (answer.type === "answer") return answer.clock;
  throw new Failure(
    `${deployment.url} cannot be reached (${answer.reason}). Check that the deployment is running and that its address is right.`,
  );
}

/** The command that puts the file into effect. */
export function pushCommand({ isLocal }: Examination): string {
  return isLocal ? "npx convex dev" : "npx convex deploy   (in development: npx convex dev)";
}
