import type { Engine, Seal } from "@tandem/engine";
import { refuse } from "../errors/index.ts";
import { cookieSuffix, publishableKey } from "../keys/publishable_key.ts";
import { createSecretKey } from "../keys/secret_keys.ts";
import { publicId } from "../public_id.ts";
import type { Seams } from "../seams.ts";
import {
  type Environment,
  type InstanceRow,
  Kept,
  type Reader,
  type Store,
  type Writer,
} from "../store/index.ts";
import type { Instance } from "./instance.ts";
import { defaultSettings, type InstanceSettings } from "./settings.ts";

export interface InstancesParts {
  readonly engine: Engine;
  readonly store: Store;
  readonly seal: Seal;
  readonly seams: Seams;
  /** Where the development instance is served. */
  readonly developmentOrigin: string;
  /** Where the production instance is served, once it has an address of its own. */
  readonly productionOrigin: string | null;
  readonly applicationName: string;
  /** Writes what every instance has from the start (JWT templates). */
  readonly furnish: (tx: Writer, instanceId: string) => Promise<void>;
}

/** The two instances of this server's application. */
export class Instances {
  readonly #parts: InstancesParts;
  readonly #ids: ReadonlyMap<Environment, string>;
  readonly #kept = new Map<string, Kept<Instance>>();
  readonly #suffixes: ReadonlyMap<string, string>;

  private constructor(
    parts: InstancesParts,
    ids: ReadonlyMap<Environment, string>,
    suffixes: ReadonlyMap<string, string>,
  ) {
    this.#parts = parts;
    this.#ids = ids;
    this.#suffixes = suffixes;
  }

  /** Makes the application with its instances and their keys at the first start. */
  static async open(parts: InstancesParts): Promise<Instances> {
    const { store } = parts;
    let rows = await instanceRows(store.read());
    if (rows.length === 0) {
      await createApplication(parts);
      rows = await instanceRows(store.read());
    }
    const ids = new Map(rows.map(({ environment, id }) => [environment, id]));
    const suffixes = new Map<string, string>();
    for (const environment of ["development", "production"] as const) {
      const key = publishableKey(environment, new URL(originOf(parts, environment)).host);
      suffixes.set(key, await cookieSuffix(key));
    }
    return new Instances(parts, ids, suffixes);
  }

  /** The instance that people meet unless another host is asked for: production once it has an address. */
  get main(): Environment {
    return this.#parts.productionOrigin === null ? "development" : "production";
  }

  byEnvironment(environment: Environment): Promise<Instance> {
    return this.byId(this.#ids.get(environment)!);
  }

  /** The instance as of the newest commit: its settings are asked for with every request, and kept until they change. */
  byId(id: string): Promise<Instance> {
    let kept = this.#kept.get(id);
    if (kept === undefined) {
      kept = new Kept(this.#parts.engine, async (reader) => {
        const row = await reader.get("instances", id);
        if (row === null) throw new Error(`There is no instance ${id}.`);
        return this.#served(row);
      });
      this.#kept.set(id, kept);
    }
    return kept.get();
  }

  /**
   * The instance that a request is for, by the host it was sent to: production at its own address, development
   * everywhere else on this machine. Throws `host_invalid` for a host that is nobody's.
   */
  async byHost(host: string): Promise<Instance> {
    const { productionOrigin, developmentOrigin } = this.#parts;
    if (productionOrigin !== null && host === new URL(productionOrigin).host) {
      return this.byEnvironment("production");
    }
    if (host === new URL(developmentOrigin).host || isLoopback(host)) {
      return this.byEnvironment("development");
    }
    throw refuse("host_invalid", {}, `No instance is served at "${host}".`);
  }

  /** Changes the settings of an instance; what `alongside` writes is there exactly if they are. */
  async change(
    id: string,
    change: (settings: InstanceSettings) => InstanceSettings,
    alongside: (tx: Writer) => Promise<void> = async () => {},
  ): Promise<void> {
    const { store, seams } = this.#parts;
    await store.transact("change settings", async (tx) => {
      const row = await tx.get("instances", id);
      if (row === null) throw new Error(`There is no instance ${id}.`);
      await tx.patch("instances", row, {
        settings: JSON.stringify(change(settingsOf(row))),
        updatedAt: seams.clock.now(),
      });
      await alongside(tx);
    });
  }

  #served(row: InstanceRow): Instance {
    const issuer = originOf(this.#parts, row.environment);
    const frontendApi = new URL(issuer).host;
    const key = publishableKey(row.environment, frontendApi);
    return {
      id: row.id,
      applicationId: row.applicationId,
      environment: row.environment,
      settings: settingsOf(row),
      issuer,
      frontendApi,
      publishableKey: key,
      cookieSuffix: this.#suffixes.get(key)!,
    };
  }
}

/** Does this `Host` header name the machine itself? */
export function isLoopback(host: string): boolean {
  const name = host.replace(/:\d+$/, "").toLowerCase();
  return (
    name === "localhost" || name.endsWith(".localhost") || name === "[::1]" || /^127(\.\d+){3}$/.test(name)
  );
}

function originOf(parts: InstancesParts, environment: Environment): string {
  return environment === "production"
    ? (parts.productionOrigin ?? parts.developmentOrigin)
    : parts.developmentOrigin;
}

function settingsOf(row: InstanceRow): InstanceSettings {
  return { ...defaultSettings(row.environment), ...(JSON.parse(row.settings) as Partial<InstanceSettings>) };
}

async function instanceRows(reader: Reader): Promise<InstanceRow[]> {
  return reader.list("instances", "by_application", []);
}

async function createApplication(parts: InstancesParts): Promise<void> {
  const { store, seal, seams } = parts;
  const now = seams.clock.now();
  const ids = { development: publicId("ins", seams.random), production: publicId("ins", seams.random) };
  await store.transact("create application", async (tx) => {
    const application = await tx.insert("applications", {
      id: publicId("app", seams.random),
      name: parts.applicationName,
      createdAt: now,
    });
    for (const environment of ["development", "production"] as const) {
      await tx.insert("instances", {
        id: ids[environment],
        applicationId: application.id,
        environment,
        settings: JSON.stringify({ applicationName: parts.applicationName }),
        createdAt: now,
        updatedAt: now,
      });
      await createSecretKey(tx, { id: ids[environment], environment }, { seal, seams });
      await parts.furnish(tx, ids[environment]);
    }
  });
}
