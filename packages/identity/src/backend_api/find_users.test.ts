import type { DatabaseReader } from "@tandem/engine";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Params } from "../http/index.ts";
import { NAMESPACE, Reader } from "../store/index.ts";
import { type StartedIdentity, startIdentity } from "../testing/start_identity.ts";
import { createUser, VERIFIED_BY_ADMIN } from "../users/index.ts";
import { countUsers, pageOfUsers } from "./find_users.ts";
import { readUserFilter } from "./user_filter.ts";
import { readUserOrder } from "./user_order.ts";

const USERS = 1200;
const BEGIN = Date.UTC(2026, 0, 1);

let server: StartedIdentity;

beforeAll(async () => {
  server = await startIdentity();
  const { parts } = server;
  const instance = await parts.instances.byId(server.instanceId);
  for (let first = 0; first < USERS; first += 200) {
    await parts.store.transact("users", async (tx) => {
      for (let number = first; number < first + 200; number++) {
        await createUser(parts, tx, instance, numbered(number));
      }
    });
  }
});

function numbered(number: number) {
  return {
    emailAddresses: [{ emailAddress: `user${number}@example.com`, verification: VERIFIED_BY_ADMIN }],
    username: `name_${number}`,
    firstName: `N${String((number * 7) % USERS).padStart(4, "0")}`,
    lastName: null,
    password: null,
    createdAt: BEGIN + number,
  };
}

afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

/** The database, how many rows were read from each table, and in how many reads. */
function counting() {
  const database = server.engine.snapshot({ namespace: NAMESPACE });
  const rows: Record<string, number> = { users: 0, email_addresses: 0, reads: 0 };
  const scan: DatabaseReader["scan"] = async (table, ...rest) => {
    const found = await database.scan(table, ...rest);
    rows[table] = (rows[table] ?? 0) + found.length;
    rows.reads!++;
    return found;
  };
  const counted = new Proxy(database, {
    get: (target, name) => (name === "scan" ? scan : Reflect.get(target, name, target)),
  });
  return { reader: new Reader(counted), rows };
}

async function ask(query: string) {
  const params = Params.ofPairs(new URLSearchParams(query));
  const { reader, rows } = counting();
  const instance = await server.parts.instances.byId(server.instanceId);
  const search = { reader, instance, filter: readUserFilter(params) };
  const limit = params.integer("limit", 1, 500) ?? 3;
  const offset = params.integer("offset", 0, USERS) ?? 0;
  const page = await pageOfUsers(search, readUserOrder(params), { limit, offset });
  const ofPage = { ...rows };
  return {
    numbers: page.map(({ createdAt }) => createdAt - BEGIN),
    names: page.map((user) => user.firstName),
    rows: ofPage,
    count: () => countUsers(search),
  };
}

test("a page in the order of creation reads little more than itself, from either end", async () => {
  for (const [query, numbers] of [
    ["", [1199, 1198, 1197]],
    ["order_by=%2Bcreated_at", [0, 1, 2]],
    ["order_by=created_at&offset=4", [4, 5, 6]],
    ["last_sign_in_at_before=1&order_by=created_at", []],
    ["created_at_after=AFTER&order_by=created_at", [701, 702, 703]],
    ["created_at_before=AFTER", [699, 698, 697]],
  ] as const) {
    const asked = await ask(query.replace("AFTER", String(BEGIN + 700)));
    expect(asked.numbers).toEqual(numbers);
    if (!query.startsWith("last_sign_in")) expect(asked.rows.users).toBeLessThan(100);
    expect(asked.rows.email_addresses).toBe(0);
  }
});

test("whoever is named is looked up", async () => {
  for (const query of [
    "username=name_5&username=NAME_6",
    "email_address=user5@example.com&email_address=user6@example.com",
  ]) {
    const { numbers, rows } = await ask(query);
    expect(numbers).toEqual([6, 5]);
    expect(rows.users).toBe(2);
  }
});

test("bounds of the creation bound what is counted and sorted", async () => {
  const { names, rows, count } = await ask(
    `created_at_after=${BEGIN + 9}&created_at_before=${BEGIN + 30}&order_by=-first_name`,
  );
  expect(names).toEqual(["N0203", "N0196", "N0189"]);
  expect(rows.users).toBe(20);
  expect(await count()).toBe(20);
  const empty = await ask(`created_at_after=${BEGIN + 30}&created_at_before=${BEGIN + 9}`);
  expect(empty).toMatchObject({ numbers: [], rows: { users: 0 } });
});

test("part of an address or a name is looked for in a few reads, not in one for each user", async () => {
  for (const [query, numbers, count] of [
    ["query=USER119", [1199, 1198, 1197], 11],
    ["query=user119&order_by=created_at", [119, 1190, 1191], 11],
    ["query=name_7%40", [], 0],
    ["query=n0203", [29], 1],
    ["query=user119&user_id=-none", [1199, 1198, 1197], 11],
  ] as const) {
    const asked = await ask(query);
    expect([query, asked.numbers, await asked.count()]).toEqual([query, numbers, count]);
    expect(asked.rows.reads).toBeLessThan(30);
  }
});

test("every other order sees everybody, each once", async () => {
  expect((await ask("order_by=first_name")).names).toEqual(["N0000", "N0001", "N0002"]);
  expect((await ask("order_by=first_name&offset=1198&limit=500")).names).toEqual(["N1198", "N1199"]);
  const { numbers } = await ask("order_by=email_address&query=user119");
  expect(numbers).toEqual([1190, 1191, 1192]);
});
