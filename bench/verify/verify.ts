import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BackendApi } from "../harness/backend_api.ts";
import { type BenchmarkResult, type Latencies, row } from "../harness/benchmark.ts";
import { loadProcess } from "../harness/load_process.ts";
import { pushApp, setVariable, startTandem, type TandemProcess } from "../harness/tandem.ts";
import { UNLIMITED } from "../harness/unlimited.ts";
import type { VerifyTask } from "./load.ts";

const TOKENS = 48_000;
const USERS = 50;
const RUN = { sockets: 100, inFlight: 4, warmUp: 24_000 };
/** Enough for the whole run. */
const TOKEN_SECONDS = 3600;

/** Tokens of the template `convex`, each new to the server, over sync sockets; beside it their bare RS256 signatures. */
export async function verify(): Promise<BenchmarkResult> {
  const folder = mkdtempSync(join(tmpdir(), "tandem-verify-"));
  const tandem = await startTandem(undefined, UNLIMITED);
  try {
    await setVariable(tandem, "CLERK_JWT_ISSUER_DOMAIN", tandem.issuer);
    await pushApp(tandem, new URL("./app/", import.meta.url));
    const tokens = join(folder, "tokens.json");
    writeFileSync(tokens, JSON.stringify(await mintTokens(tandem)));
    const jwks = await (await fetch(`${tandem.identityUrl}/.well-known/jwks.json`)).json();
    const bare = await loadProcess<Latencies>(new URL("./bare.ts", import.meta.url), { tokens, jwks });
    const task: VerifyTask = { ...RUN, url: tandem.backendUrl, tokens };
    const authenticate = await loadProcess<Latencies>(new URL("./load.ts", import.meta.url), task);
    console.log(row("bare RS256 verification, one thread", bare));
    console.log(row("tandem, Authenticate", authenticate));
    return {
      figures: { authenticate, bare },
      summary: `verify ratio=${(authenticate.rate / bare.rate).toFixed(2)}`,
    };
  } finally {
    await tandem.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Each user's one session mints its share of the tokens. */
async function mintTokens(tandem: TandemProcess): Promise<string[]> {
  const tokens = await Promise.all(
    Array.from({ length: USERS }, async (_, i) => {
      const api = new BackendApi(tandem);
      const session = await api.createSession(await api.createUser(`user${i}@example.com`));
      const own: string[] = [];
      while (own.length < TOKENS / USERS) {
        own.push(await api.mintConvexToken(session, TOKEN_SECONDS));
      }
      return own;
    }),
  );
  // In turn, so that neighbours are different people.
  return Array.from({ length: TOKENS }, (_, i) => tokens[i % USERS]![Math.floor(i / USERS)]!);
}
