/** The peer of `transfer`: what one would write without us. Node HTTP, better-sqlite3, Drizzle; every commit synced. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import Database from "better-sqlite3";
import { eq, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/better-sqlite3";
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

const accounts = sqliteTable("accounts", {
  id: integer("id").primaryKey(),
  owner: text("owner").notNull(),
  balance: integer("balance").notNull(),
});

const [file, count] = process.argv.slice(2) as [string, string];
const store = new Database(file);
store.pragma("journal_mode = WAL");
store.pragma("synchronous = FULL");
store.exec("CREATE TABLE accounts (id INTEGER PRIMARY KEY, owner TEXT NOT NULL, balance INTEGER NOT NULL)");
const db = drizzle(store);

db.transaction((tx) => {
  for (let i = 0; i < Number(count); i++) {
    tx.insert(accounts)
      .values({ owner: `owner ${i}`, balance: 1000 })
      .run();
  }
});

const byId = db
  .select()
  .from(accounts)
  .where(eq(accounts.id, sql.placeholder("id")))
  .prepare();
const setBalance = db
  .update(accounts)
  .set({ balance: sql`${sql.placeholder("balance")}` })
  .where(eq(accounts.id, sql.placeholder("id")))
  .prepare();

function transfer(from: number, to: number, amount: number): void {
  db.transaction(() => {
    const source = byId.get({ id: from });
    const target = byId.get({ id: to });
    if (source === undefined || target === undefined) {
      throw new Error("No such account");
    }
    setBalance.run({ id: from, balance: source.balance - amount });
    setBalance.run({ id: to, balance: target.balance + amount });
  });
}

const server = createServer((request, response) => {
  let body = "";
  request.setEncoding("utf8");
  request.on("data", (chunk: string) => {
    body += chunk;
  });
  request.on("end", () => {
    const { from, to, amount } = JSON.parse(body) as { from: number; to: number; amount: number };
    transfer(from, to, amount);
    response.writeHead(200, { "content-type": "application/json" }).end("null");
  });
});
server.listen(0, "127.0.0.1", () => {
  console.log(JSON.stringify({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }));
});
