import { encodeIndexKey } from "@tandem/values";
import type { IndexRow } from "../persistence/persistence.ts";
import type { Catalog } from "../tables/catalog.ts";
import type { DatabaseReader, DatabaseWriter } from "../transaction/database.ts";
import type { History, OpenTransaction } from "./history.ts";
import type { SeededRandom } from "./seeded_random.ts";

/** Rows stand at places from 0 to this. */
export const PLACES = 6;
export const REGISTERS = 3;
export const LISTS = 2;

/** One thing that a transaction does. Which rows it meets depends on what it reads. */
export type Step =
  | { readonly kind: "read register" | "write register" | "read list" | "append"; readonly index: number }
  | { readonly kind: "look"; readonly low: number; readonly high: number }
  | { readonly kind: "insert"; readonly place: number }
  | { readonly kind: "change" | "remove" | "move"; readonly low: number; readonly high: number };

export interface Program {
  readonly steps: readonly Step[];
  /** Probability of a pause before each step. */
  readonly pauses: number;
}

/** The fixed documents of a database under test, by the names that histories use. */
export interface Fixture {
  readonly ids: ReadonlyMap<string, string>;
}

interface Row {
  readonly _id: string;
  readonly key: string;
  readonly v: number;
  readonly place: number;
}

export function randomProgram(random: SeededRandom, options: { readonly readOnly: boolean }): Program {
  const steps: Step[] = [];
  for (let i = 1 + random.integer(4); i > 0; i--) steps.push(randomStep(random, options.readOnly));
  return { steps, pauses: random.pick([0, 0.3, 0.8]) };
}

function randomStep(random: SeededRandom, readOnly: boolean): Step {
  const low = random.integer(PLACES);
  const range = { low, high: low + 1 + random.integer(PLACES - low) };
  const kind = random.integer(readOnly ? 4 : 11);
  if (kind === 0) return { kind: "read register", index: random.integer(REGISTERS) };
  if (kind === 1) return { kind: "read list", index: random.integer(LISTS) };
  if (kind <= 3) return { kind: "look", ...range };
  if (kind <= 5) return { kind: "write register", index: random.integer(REGISTERS) };
  if (kind <= 7) return { kind: "append", index: random.integer(LISTS) };
  if (kind === 8) return { kind: "insert", place: random.integer(PLACES) };
  return { kind: random.pick(["change", "remove", "move"]), ...range };
}

/** Makes the tables with their registers and lists. */
export async function layOut(
  tx: DatabaseWriter & { readonly editor: import("../tables/catalog_editor.ts").CatalogEditor },
  history: History,
  record: OpenTransaction,
): Promise<Map<string, string>> {
  const ids = new Map<string, string>();
  for (const table of ["registers", "lists", "rows"]) tx.editor.createTable("", table);
  const byPlace = { namespace: "", table: "rows", name: "by_place", fields: ["place"], staged: false };
  tx.editor.setIndexState(tx.editor.addIndex(byPlace).id, "enabled");
  for (let i = 0; i < REGISTERS; i++) {
    const key = `register:${i}`;
    const value = history.freshValue(record);
    ids.set(key, await tx.insert("registers", { key, v: value }));
    record.record({ kind: "write", key, value });
  }
  for (let i = 0; i < LISTS; i++) {
    const key = `list:${i}`;
    ids.set(key, await tx.insert("lists", { key, items: [] }));
  }
  return ids;
}

/** Runs a program, and records what it does and sees. Throws what the database throws. */
export class ProgramRun {
  readonly #db: DatabaseReader & Partial<DatabaseWriter>;
  readonly #fixture: Fixture;
  readonly #history: History;
  readonly #record: OpenTransaction;
  readonly #random: SeededRandom;

  constructor(parts: {
    readonly db: DatabaseReader & Partial<DatabaseWriter>;
    readonly fixture: Fixture;
    readonly history: History;
    readonly record: OpenTransaction;
    readonly random: SeededRandom;
  }) {
    this.#db = parts.db;
    this.#fixture = parts.fixture;
    this.#history = parts.history;
    this.#record = parts.record;
    this.#random = parts.random;
  }

  async run(program: Program, pause: () => Promise<void>): Promise<void> {
    this.#record.restart();
    for (const step of program.steps) {
      if (this.#random.chance(program.pauses)) await pause();
      await this.#step(step, pause, program.pauses);
    }
  }

  async #step(step: Step, pause: () => Promise<void>, pauses: number): Promise<void> {
    switch (step.kind) {
      case "read register":
        await this.#readRegister(step.index);
        return;
      case "write register": {
        if (this.#random.chance(0.5)) await this.#readRegister(step.index);
        if (this.#random.chance(pauses)) await pause();
        const times = this.#random.chance(0.15) ? 2 : 1;
        for (let i = 0; i < times; i++) await this.#writeRegister(step.index);
        return;
      }
      case "read list":
        await this.#readList(step.index);
        return;
      case "append": {
        const items = await this.#readList(step.index);
        if (this.#random.chance(pauses)) await pause();
        const key = `list:${step.index}`;
        const value = this.#history.freshValue(this.#record);
        await this.#writer().patch(this.#id(key), { items: [...items, value] });
        this.#record.record({ kind: "append", key, value });
        return;
      }
      case "look":
        await this.#look(step.low, step.high);
        return;
      case "insert": {
        const value = this.#history.freshValue(this.#record);
        const key = `row:${value}`;
        await this.#writer().insert("rows", { key, v: value, place: step.place });
        this.#record.record({ kind: "write", key, value });
        return;
      }
      case "change":
      case "move":
      case "remove": {
        const rows = await this.#look(step.low, step.high);
        if (this.#random.chance(pauses)) await pause();
        const row = rows.find(({ v }) => this.#history.attempted.get(v) !== this.#record.id);
        if (row === undefined) return;
        await this.#changeRow(step.kind, row);
        return;
      }
      default:
        step satisfies never;
    }
  }

  async #changeRow(kind: "change" | "move" | "remove", { _id: id, key }: Row): Promise<void> {
    if (kind === "remove") {
      await this.#writer().remove(id);
      this.#record.record({ kind: "write", key, value: null });
      return;
    }
    const v = this.#history.freshValue(this.#record);
    await this.#writer().patch(id, kind === "change" ? { v } : { v, place: this.#random.integer(PLACES) });
    this.#record.record({ kind: "write", key, value: v });
  }

  async #readRegister(index: number): Promise<void> {
    const key = `register:${index}`;
    const document = await this.#db.get(this.#id(key));
    const value = document === null ? null : (JSON.parse(document.json) as { v: number }).v;
    this.#record.record({ kind: "read", key, value });
  }

  async #writeRegister(index: number): Promise<void> {
    const key = `register:${index}`;
    const value = this.#history.freshValue(this.#record);
    await this.#writer().patch(this.#id(key), { v: value });
    this.#record.record({ kind: "write", key, value });
  }

  async #readList(index: number): Promise<readonly number[]> {
    const key = `list:${index}`;
    const document = await this.#db.get(this.#id(key));
    const value = document === null ? null : (JSON.parse(document.json) as { items: number[] }).items;
    this.#record.record({ kind: "read", key, value });
    return value ?? [];
  }

  async #look(low: number, high: number): Promise<Row[]> {
    const rows = await lookAtRows(this.#db, this.#random, low, high);
    this.#record.record({
      kind: "predicate",
      low,
      high,
      rows: rows.map(({ key, v }) => ({ key, value: v })),
    });
    return rows;
  }

  #writer(): DatabaseWriter {
    return this.#db as DatabaseWriter;
  }

  #id(key: string): string {
    return this.#fixture.ids.get(key)!;
  }
}

/** The rows at places in `[low, high)`, through whichever index is there, a page at a time. */
export async function lookAtRows(
  db: DatabaseReader,
  random: SeededRandom,
  low: number,
  high: number,
): Promise<Row[]> {
  const index = random.pick(indexesByPlace(db.catalog));
  const order = random.chance(0.5) ? "asc" : "desc";
  const page = random.pick([1, 3, 1000]);
  // To the end of the index, when there is nothing behind: such ranges have no upper key.
  const end = high >= PLACES ? null : encodeIndexKey([high]);
  let rest = { start: encodeIndexKey([low]), end };
  const found: IndexRow[] = [];
  for (;;) {
    const rows = await db.scan("rows", index, rest, order, page);
    found.push(...rows);
    if (rows.length < page) break;
    const { key } = rows[rows.length - 1]!;
    rest = order === "asc" ? { start: `${key}\0`, end: rest.end } : { start: rest.start, end: key };
  }
  return found.map(({ document }) => JSON.parse(document.json) as Row);
}

/** Every readable index of the rows whose first field is the place. */
function indexesByPlace(catalog: Catalog): string[] {
  const indexes = catalog.table("", "rows")?.indexes ?? [];
  const names = indexes
    .filter(({ fields, state }) => fields[0] === "place" && state === "enabled")
    .map(({ name }) => name);
  return names.length === 0 ? ["by_place"] : names;
}
