import { createHash } from "node:crypto";
import type { DatabaseReader, Engine, PlainRows } from "@tandem/engine";
import { Seal } from "@tandem/engine";
import type { Environment } from "@tandem/runtime";
import type { Seams } from "../seams.ts";
import { applyChanges, type VariableChange, type VariableLimits } from "./rules.ts";

export { Seal } from "@tandem/engine";
export type { VariableChange } from "./rules.ts";

const TABLE = "_environment_variables";

interface Row {
  readonly name: string;
  readonly sealed: string;
}

/** The deployment's environment variables: sealed in the store, open in memory for the lanes. */
export interface EnvironmentStore {
  /** With the server's own variables; a new object and id at every change. */
  readonly current: Environment;
  /** The developer's own, by name in order. */
  readonly user: ReadonlyMap<string, string>;
  /**
   * Makes all changes or none. `check` may refuse what they would make (an auth config that no longer evaluates)
   * by throwing. Throws `ApiError` with the codes of R §4.8.
   */
  update(changes: readonly VariableChange[], check?: (next: Environment) => Promise<void>): Promise<void>;
  /** Called after a change is on disk, before `update` resolves. Answers a function that ends it. */
  onChange(listener: () => Promise<void> | void): () => void;
  /** The variables as a snapshot has them, the read recorded: for queries over them. */
  read(snapshot: DatabaseReader & PlainRows): ReadonlyMap<string, string>;
}

export async function openEnvironment(options: {
  readonly engine: Engine;
  readonly instanceSecret: string;
  readonly limits: VariableLimits;
  readonly systemVariables: Readonly<Record<string, string>>;
  readonly seams: Seams;
}): Promise<EnvironmentStore> {
  const { engine, systemVariables, limits } = options;
  const seal = new Seal(options.instanceSecret, options.seams.random.bytes);
  const listeners = new Set<() => Promise<void> | void>();

  const open = (rows: readonly { id: string; json: string }[]): Map<string, string> =>
    new Map(
      rows.map(({ json }) => {
        const { name, sealed } = JSON.parse(json) as Row;
        return [name, seal.open(sealed, contextOf(name))];
      }),
    );
  const environmentOf = (user: ReadonlyMap<string, string>): Environment => {
    const variables = { ...Object.fromEntries(user), ...systemVariables };
    return {
      id: createHash("sha256").update(JSON.stringify(variables)).digest("hex").slice(0, 16),
      variables,
    };
  };

  let user: ReadonlyMap<string, string> = open(await engine.snapshot().scanRows(TABLE));
  let current = environmentOf(user);
  let queue: Promise<unknown> = Promise.resolve();

  const update: EnvironmentStore["update"] = async (changes, check) => {
    const next = applyChanges(user, changes, systemVariables, limits);
    const environment = environmentOf(next);
    await check?.(environment);
    await engine.transact({ source: "environment variables", system: true }, (tx) => {
      for (const { name, value } of changes) {
        const row: Row | null = value === null ? null : { name, sealed: seal.seal(value, contextOf(name)) };
        tx.putRow(TABLE, name, row === null ? null : JSON.stringify(row));
      }
    });
    user = next;
    current = environment;
    for (const listener of listeners) {
      await listener();
    }
  };

  return {
    get current() {
      return current;
    },
    get user() {
      return user;
    },
    update(changes, check) {
      // One after another: each is checked against what the one before has made.
      const run = queue.then(() => update(changes, check));
      queue = run.catch(() => undefined);
      return run;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    read(snapshot) {
      const rows = snapshot.scanRows(TABLE);
      if (rows instanceof Promise) {
        throw new Error("The variables' rows must be there at once: read them from a local snapshot.");
      }
      return open(rows);
    },
  };
}

function contextOf(name: string): string {
  return `environment variable ${name}`;
}
