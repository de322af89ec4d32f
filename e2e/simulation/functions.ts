import type { DatabaseReader, DatabaseWriter, IndexRow } from "@tandem/engine";
import type { PlainFunction } from "@tandem/runtime/simulation";
import { encodeIndexKey, prefixEnd, type Value } from "@tandem/values";

/** What the accounts hold together, at every moment. */
export const TOTAL_BALANCE = 300;
export const COUNTERS = ["a", "b", "c", "d"];
export const ACCOUNTS = ["x", "y", "z"];

type Fields = { readonly [field: string]: Value };

const everything = { start: "", end: null };

function key(value: Value): { start: string; end: string } {
  const start = encodeIndexKey([value]);
  return { start, end: prefixEnd(start)! };
}

/** The simulation's store answers at once. */
function now<T>(value: T | Promise<T>): T {
  if (value instanceof Promise) throw new Error("The simulation's store must answer at once.");
  return value;
}

function rows(found: IndexRow[] | Promise<IndexRow[]>): (Fields & { _id: string })[] {
  return now(found).map(({ document }) => JSON.parse(document.json) as Fields & { _id: string });
}

function byName(db: DatabaseReader, table: string, name: Value): (Fields & { _id: string }) | null {
  return rows(db.scan(table, "by_name", key(name), "asc", 1))[0] ?? null;
}

function applied(db: DatabaseWriter, token: Value | undefined): void {
  now(db.insert("applied", { name: token }));
}

/** The app of the simulation: counters, messages, accounts and a table that appears late. */
export const FUNCTIONS: ReadonlyMap<string, PlainFunction> = new Map<string, PlainFunction>([
  ["counters.js:get", { kind: "query", run: (db, { name }) => byName(db, "counters", name!)?.value ?? null }],
  [
    "counters.js:range",
    {
      kind: "query",
      looksAtClock: true,
      run: (db, { low, high, order, limit }) => {
        const range = { start: encodeIndexKey([low!]), end: high === null ? null : encodeIndexKey([high!]) };
        const found = rows(db.scan("counters", "by_name", range, order as "asc" | "desc", limit as number));
        return found.map(({ name, value }) => [name!, value!]);
      },
    },
  ],
  [
    "counters.js:even",
    {
      kind: "query",
      run: (db, { name }) => {
        const value = (byName(db, "counters", name!)?.value ?? 0) as number;
        if (value % 2 !== 0) throw new Error(`${value} is odd`);
        return value;
      },
    },
  ],
  [
    "messages.js:list",
    {
      kind: "query",
      run: (db, { channel }) =>
        rows(db.scan("messages", "by_name", key(channel!), "asc", 1000)).map(({ token }) => token!),
    },
  ],
  [
    "messages.js:latest",
    {
      kind: "query",
      run: (db, { channel, count }) =>
        rows(db.scan("messages", "by_name", key(channel!), "desc", count as number)).map(
          ({ token }) => token!,
        ),
    },
  ],
  [
    "accounts.js:total",
    {
      kind: "query",
      run: (db) =>
        rows(db.scan("accounts", "by_name", everything, "asc", 100)).reduce(
          (sum, { value }) => sum + (value as number),
          0,
        ),
    },
  ],
  ["who.js:me", { kind: "query", run: (_db, _args, who) => (who()?.subject as string | undefined) ?? null }],
  [
    "who.js:mine",
    {
      kind: "query",
      run: (db, { name }, who) => {
        const value = byName(db, "counters", name!)?.value ?? 0;
        // Asks who is there only now and then: the same query is shared by all, or is not.
        return (value as number) % 3 === 0
          ? "everybody's"
          : ((who()?.subject as string | undefined) ?? "nobody's");
      },
    },
  ],
  [
    "late.js:list",
    {
      kind: "query",
      run: (db) =>
        rows(db.scan("late", "by_creation_time", everything, "asc", 100)).map(({ token }) => token!),
    },
  ],
  [
    "counters.js:add",
    {
      kind: "mutation",
      run: (db, { token, name, by }) => {
        applied(db, token);
        const found = byName(db, "counters", name!);
        if (found === null) {
          now(db.insert("counters", { name, value: by }));
          return by!;
        }
        const value = (found.value as number) + (by as number);
        now(db.patch(found._id, { value }));
        return value;
      },
    },
  ],
  [
    "counters.js:remove",
    {
      kind: "mutation",
      run: (db, { token, name }) => {
        applied(db, token);
        const found = byName(db, "counters", name!);
        if (found === null) return null;
        now(db.remove(found._id));
        return found.value!;
      },
    },
  ],
  [
    "messages.js:send",
    {
      kind: "mutation",
      run: (db, { token, channel }) => {
        applied(db, token);
        now(db.insert("messages", { name: channel, token }));
        return token!;
      },
    },
  ],
  [
    "accounts.js:transfer",
    {
      kind: "mutation",
      run: (db, { token, from, to, amount }) => {
        applied(db, token);
        const giver = byName(db, "accounts", from!)!;
        now(db.patch(giver._id, { value: (giver.value as number) - (amount as number) }));
        const taker = byName(db, "accounts", to!)!;
        now(db.patch(taker._id, { value: (taker.value as number) + (amount as number) }));
        return null;
      },
    },
  ],
  [
    "late.js:add",
    {
      kind: "mutation",
      run: (db, { token }) => {
        applied(db, token);
        now(db.insert("late", { token }));
        return null;
      },
    },
  ],
  [
    "fail.js:afterWriting",
    {
      kind: "mutation",
      run: (db, { token }) => {
        applied(db, token);
        throw new Error("changed my mind");
      },
    },
  ],
]);
