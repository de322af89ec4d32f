import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tandemWithAccounts } from "../harness/accounts.ts";
import { BackendApi } from "../harness/backend_api.ts";
import { type BenchmarkResult, type Latencies, row } from "../harness/benchmark.ts";
import { loadProcess } from "../harness/load_process.ts";
import { firstLine, type TandemProcess } from "../harness/tandem.ts";
import { UNLIMITED } from "../harness/unlimited.ts";
import { emailAddresses, HASH, PASSWORD } from "./hash.ts";
import type { LiveTask } from "./live.ts";
import type { SigninTask } from "./load.ts";

const USERS = 64;
const RUN = { warmUpSeconds: 2, seconds: 8 };
/** A server needs a few hundred sign-ins until its code is compiled; the limits are native code from the start. */
const SERVER_RUN = { warmUpSeconds: 10, seconds: 8 };
const SIGN_INS_IN_FLIGHT = 16;
const MINTS_IN_FLIGHT = 32;
const LIVE_EVERY_MILLISECONDS = 50;
const ENVIRONMENT = {
  ...UNLIMITED,
  TANDEM_HASH_MEMORY: String(HASH.memoryCost * 1024),
  TANDEM_HASH_PASSES: String(HASH.timeCost),
};

const run = <T = Latencies>(script: string, task: unknown) =>
  loadProcess<T>(new URL(script, import.meta.url), task);

/**
 * Password sign-ins and session tokens over HTTP, beside bare password hashes, bare signatures and better-auth; and
 * what a live query feels of the sign-ins.
 */
export async function signin(): Promise<BenchmarkResult> {
  const bare = {
    hash: await run("./bare_hash.ts", RUN),
    sign: await run("./bare_sign.ts", { ...RUN, threads: false }),
    signOnThreads: await run("./bare_sign.ts", { ...RUN, threads: true }),
  };
  const peer = await measurePeer();
  const { signIn, live, mint } = await measureTandem();
  console.log(row("bare argon2id, a thread per core", bare.hash));
  console.log(row("better-auth, sign-in", peer));
  console.log(row("tandem, sign-in with its first token", signIn));
  console.log(row("  a live query meanwhile", live));
  console.log(row("bare RS256, one thread", bare.sign));
  console.log(row("bare RS256, libuv's threads", bare.signOnThreads));
  console.log(row("tandem, session token", mint));
  const signatures = Math.max(bare.sign.rate, bare.signOnThreads.rate);
  return {
    figures: { tandem: { signIn, live, mint }, peer, bare },
    summary: `signin ratio=${(signIn.rate / bare.hash.rate).toFixed(2)} mint=${(mint.rate / signatures).toFixed(2)}`,
  };
}

async function measureTandem(): Promise<{ signIn: Latencies; live: Latencies; mint: Latencies }> {
  const { tandem, ids } = await tandemWithAccounts(2, ENVIRONMENT);
  try {
    await createUsers(tandem);
    const task = { ...SERVER_RUN, url: tandem.identityUrl, users: USERS };
    const signingIn: SigninTask = { ...task, kind: "signIn", clients: SIGN_INS_IN_FLIGHT };
    const watching: LiveTask = {
      ...SERVER_RUN,
      url: tandem.backendUrl,
      from: ids[0]!,
      to: ids[1]!,
      everyMilliseconds: LIVE_EVERY_MILLISECONDS,
    };
    const [signIn, live] = await Promise.all([run("./load.ts", signingIn), run("./live.ts", watching)]);
    const minting: SigninTask = { ...task, kind: "mint", clients: MINTS_IN_FLIGHT };
    return { signIn, live, mint: await run("./load.ts", minting) };
  } finally {
    await tandem.stop();
  }
}

async function createUsers(tandem: TandemProcess): Promise<void> {
  const api = new BackendApi(tandem);
  for (const address of emailAddresses(USERS)) {
    await api.createUser(address, PASSWORD);
  }
}

async function measurePeer(): Promise<Latencies> {
  const folder = mkdtempSync(join(tmpdir(), "tandem-signin-"));
  const server = spawn(
    process.execPath,
    [new URL("./peer.ts", import.meta.url).pathname, join(folder, "peer.sqlite"), String(USERS)],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  try {
    const { url } = JSON.parse(await firstLine(server)) as { url: string };
    const task: SigninTask = { ...SERVER_RUN, kind: "peer", url, users: USERS, clients: SIGN_INS_IN_FLIGHT };
    return await run("./load.ts", task);
  } finally {
    server.kill("SIGTERM");
    if (server.exitCode === null && server.signalCode === null) {
      await once(server, "exit");
    }
    rmSync(folder, { recursive: true, force: true });
  }
}
