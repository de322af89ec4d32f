import type { Environment } from "../store/index.ts";
import type { InstanceSettings } from "./settings.ts";

/** An instance as it is served: its settings, and where it is. */
export interface Instance {
  readonly id: string;
  readonly applicationId: string;
  readonly environment: Environment;
  readonly settings: InstanceSettings;
  /** Address of the Frontend API and `iss` of all tokens: no slash at the end. */
  readonly issuer: string;
  /** Host, and port when there is one, of {@link issuer}: what the publishable key says. */
  readonly frontendApi: string;
  readonly publishableKey: string;
  /** Of cookies that are named per instance (F §1.8). */
  readonly cookieSuffix: string;
}
