/** The peer of `signin`: better-auth over better-sqlite3, every commit synced, with our password hash. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { hash, verify } from "@node-rs/argon2";
import { betterAuth } from "better-auth";
import { getMigrations } from "better-auth/db/migration";
import { toNodeHandler } from "better-auth/node";
import Database from "better-sqlite3";
import { emailAddresses, HASH, PASSWORD } from "./hash.ts";

const [file, users] = process.argv.slice(2) as [string, string];
const database = new Database(file);
database.pragma("journal_mode = WAL");
database.pragma("synchronous = FULL");

const server = createServer();
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const auth = betterAuth({
  database,
  baseURL: url,
  secret: "a secret of a benchmark, kept by nobody",
  rateLimit: { enabled: false },
  telemetry: { enabled: false },
  emailAndPassword: {
    enabled: true,
    password: {
      hash: (password) => hash(password, HASH),
      verify: ({ hash: digest, password }) => verify(digest, password),
    },
  },
});
const { runMigrations } = await getMigrations(auth.options);
await runMigrations();
for (const email of emailAddresses(Number(users))) {
  await auth.api.signUpEmail({ body: { email, password: PASSWORD, name: "Ada Lovelace" } });
}
const handle = toNodeHandler(auth);
server.on("request", (request, response) => {
  void handle(request, response);
});
console.log(JSON.stringify({ url }));
