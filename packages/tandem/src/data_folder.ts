import { randomBytes } from "node:crypto";
import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join, resolve } from "node:path";

/** What the instance is called and what its signatures hang on. Whoever has the secret has the instance. */
export interface InstanceKeys {
  readonly name: string;
  /** 64 hex digits. */
  readonly secret: string;
}

/** What a running instance tells tools on the same machine. */
export interface InstanceFile {
  readonly pid: number;
  /** Absent when only identity runs. */
  readonly backendUrl?: string;
  readonly siteUrl?: string;
  readonly adminKey?: string;
  /** Absent when only the backend runs. */
  readonly identityUrl?: string;
  /** `domain` of auth.config.ts: what tokens name as their issuer. */
  readonly issuer?: string;
  readonly publishableKey?: string;
  readonly secretKey?: string;
}

/** Everything an instance keeps: one folder, safe to delete, safe to copy when stopped. */
export class DataFolder {
  readonly path: string;

  /** Creates the folder when it is missing. Throws with the path and the reason when it cannot. */
  constructor(path: string) {
    this.path = resolve(path);
    try {
      mkdirSync(this.path, { recursive: true, mode: 0o700 });
    } catch (error) {
      throw new Error(`The data folder ${this.path} cannot be created: ${(error as Error).message}`, {
        cause: error,
      });
    }
  }

  get database(): string {
    return join(this.path, "data.sqlite");
  }

  /** The instance's keys; made at the first start. */
  keys(): InstanceKeys {
    const file = join(this.path, "keys.json");
    if (existsSync(file)) {
      try {
        const { name, secret } = JSON.parse(readFileSync(file, "utf8")) as InstanceKeys;
        if (typeof name === "string" && /^[0-9a-f]{64}$/.test(secret)) {
          return { name, secret };
        }
      } catch (error) {
        throw new Error(`${file} cannot be read: ${(error as Error).message}`, { cause: error });
      }
      throw new Error(`${file} does not hold a name and a secret of 64 hex digits: restore it from a copy.`);
    }
    if (existsSync(this.database)) {
      throw new Error(
        `${file} is missing, though ${this.database} is there: restore it from a copy of the folder.`,
      );
    }
    const keys = { name: "tandem", secret: randomBytes(32).toString("hex") };
    this.#write(file, keys);
    return keys;
  }

  /** Tools find the running instance by this file; it is theirs to read only for the folder's owner. */
  announce(instance: InstanceFile): void {
    this.#write(this.#instanceFile, instance);
  }

  withdraw(): void {
    rmSync(this.#instanceFile, { force: true });
  }

  get #instanceFile(): string {
    return join(this.path, "instance.json");
  }

  #write(file: string, content: unknown): void {
    const draft = `${file}.new`;
    // On disk before it counts: the keys of a database must not be lost when the database is not.
    writeFileSync(draft, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600, flush: true });
    chmodSync(draft, 0o600);
    renameSync(draft, file);
    syncFolder(this.path);
  }
}

/** Puts on disk which files the folder has. */
function syncFolder(path: string): void {
  const folder = openSync(path, "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
