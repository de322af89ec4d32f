import { setPriority } from "node:os";
import { parentPort } from "node:worker_threads";
import { hashSync } from "@node-rs/argon2";
import { matchesDigest } from "./digests.ts";
import type { HashAnswer, HashWork } from "./hash_work.ts";

/**
 * Sign-ins must not slow queries down, however many come: other threads go first. But not so much that people wait for
 * seconds on a machine which other programs keep busy: at 10 a core that is fully used gives a tenth of its time.
 */
const NICENESS = 10;

// Only Linux has priorities of threads: elsewhere this would be the whole program's.
if (process.platform === "linux") setPriority(NICENESS);

const port = parentPort;
if (port === null) throw new Error("password_worker runs as a worker thread only.");

port.on("message", (works: readonly HashWork[]) => port.postMessage(works.map(answer)));

function answer(work: HashWork): HashAnswer {
  try {
    switch (work.kind) {
      case "hash":
        return { kind: "hashed", digest: argon2id(work.password, work.memory, work.passes) };
      case "verify":
        return verified(work);
    }
  } catch (error) {
    return { kind: "failed", message: error instanceof Error ? error.message : String(error) };
  }
}

function verified({ password, stored, decoy }: HashWork & { readonly kind: "verify" }): HashAnswer {
  const matches = matchesDigest(password, stored.digest, stored.hasher);
  if (matches || decoy === null) return { kind: "verified", matches, hashers: [stored.hasher] };
  matchesDigest(password, decoy.digest, decoy.hasher);
  return { kind: "verified", matches, hashers: [stored.hasher, decoy.hasher] };
}

function argon2id(password: string, memory: number, passes: number): string {
  // 2 is argon2id: the package's own name for it cannot be imported one module at a time.
  return hashSync(password, { algorithm: 2, memoryCost: Math.ceil(memory / 1024), timeCost: passes });
}
