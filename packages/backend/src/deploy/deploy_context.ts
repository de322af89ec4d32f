import type { Engine } from "@tandem/engine";
import type { Authenticator } from "../auth/caller.ts";
import type { EnvironmentStore } from "../environment/index.ts";
import type { Limits } from "../limits.ts";
import type { Seams } from "../seams.ts";
import type { Deployment } from "./deployment.ts";

/** What the endpoints of the deploy API work with. */
export interface DeployContext {
  readonly engine: Engine;
  readonly deployment: Deployment;
  readonly environment: EnvironmentStore;
  readonly authenticator: Authenticator;
  readonly limits: Limits;
  readonly instanceName: string;
  readonly urls: { readonly cloud: string; readonly site: string };
  readonly seams: Seams;
}
