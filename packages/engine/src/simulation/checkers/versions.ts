import type { Commit } from "../../log/commit.ts";
import type { Timestamp } from "../../timestamp.ts";
import type { Observed } from "../history.ts";

/** One version of a key as the log has it. */
export interface Version {
  /** `null`: not there, before the first write or after the removal. */
  readonly value: Observed;
  /** Where the row stands in the index, `null` for what is not found by predicates. */
  readonly place: number | null;
  readonly ts: Timestamp;
}

interface StoredFields {
  readonly key?: string;
  readonly v?: number;
  readonly items?: number[];
  readonly place?: number;
}

/**
 * Every key's versions in the order in which the log installed them: what a restart would read, so nothing that
 * the engine says of itself. The first version of each is that it is not there.
 */
export class Versions {
  readonly #keys = new Map<string, Version[]>();
  readonly #keyOfId = new Map<string, string>();
  #length = 0;

  constructor(commits: readonly Commit[] = []) {
    this.take(commits);
  }

  /** How many commits it knows. */
  get length(): number {
    return this.#length;
  }

  /** Adds commits that follow those it has. */
  take(commits: readonly Commit[]): void {
    this.#length += commits.length;
    for (const { ts, documents } of commits) {
      for (const { id, document } of documents) {
        if (document === null) {
          const key = this.#keyOfId.get(id);
          if (key !== undefined) this.#add(key, { value: null, place: null, ts });
          continue;
        }
        const { key, v, items, place } = JSON.parse(document.json) as StoredFields;
        if (key === undefined) continue;
        this.#keyOfId.set(id, key);
        this.#add(key, { value: items ?? v ?? null, place: place ?? null, ts });
      }
    }
  }

  #add(key: string, version: Version): void {
    const versions = this.#keys.get(key);
    if (versions === undefined) this.#keys.set(key, [{ value: null, place: null, ts: 0 }, version]);
    else versions.push(version);
  }

  get keys(): Iterable<string> {
    return this.#keys.keys();
  }

  of(key: string): readonly Version[] {
    return this.#keys.get(key) ?? [{ value: null, place: null, ts: 0 }];
  }

  /** Position of the version of `key` that a snapshot at `at` sees. */
  positionAt(key: string, at: Timestamp): number {
    const versions = this.of(key);
    let position = versions.length - 1;
    while (position > 0 && versions[position]!.ts > at) position--;
    return position;
  }
}

/** Tells versions of one key apart: values are unique, and a list is known by its last element. */
export function identityOf(value: Observed): number | null {
  if (value === null || typeof value === "number") return value;
  return value[value.length - 1] ?? EMPTY_LIST;
}

const EMPTY_LIST = -1;
