import { availableParallelism } from "node:os";
import { type Fault, IdentityError } from "../errors/index.ts";
import type { Instance } from "../instances/index.ts";
import type { Limits } from "../limits.ts";
import type { Seams } from "../seams.ts";
import { argon2Costs } from "./argon2.ts";
import { decoyDigest } from "./decoy_digest.ts";
import { HashThreads } from "./hash_threads.ts";
import type { HashWork } from "./hash_work.ts";
import type { Passwords, StoredPassword } from "./passwords.ts";
import { passwordFaults } from "./policy.ts";

const MOST_THREADS = 4;

/** The hasher of our own digests. */
const HASHER = "argon2id";

/** What is longer is nobody's password; the hashers of some other systems would be busy with it for seconds. */
const MOST_COMPARED_BYTES = 4096;

/** On Linux, where these threads give way to all others, as many as there are cores; elsewhere one is left free. */
function threadsOfMachine(): number {
  const cores = availableParallelism();
  return process.platform === "linux" ? cores : Math.max(1, cores - 1);
}

/** Passwords by argon2id, on threads of their own. */
export class ThreadedPasswords implements Passwords {
  readonly #threads: HashThreads;
  /** Bytes. */
  readonly #memory: number;
  readonly #passes: number;
  /** Costs what a real one costs, and is nobody's. */
  readonly #decoy: StoredPassword;

  constructor(limits: Limits, timers: Seams["timers"]) {
    this.#memory = limits.hashMemory;
    this.#passes = limits.hashPasses;
    this.#decoy = { digest: decoyDigest(limits), hasher: HASHER };
    this.#threads = new HashThreads({
      threads: limits.hashThreads || Math.min(MOST_THREADS, threadsOfMachine()),
      queue: limits.hashQueue,
      idleTime: limits.hashIdle,
      timers,
    });
  }

  async hash(password: string): Promise<StoredPassword> {
    const answer = await this.#run({
      kind: "hash",
      password,
      memory: this.#memory,
      passes: this.#passes,
    });
    if (answer.kind !== "hashed") throw new Error("A password thread did not hash.");
    return { digest: answer.digest, hasher: HASHER };
  }

  async verify(password: string, stored: StoredPassword | null): Promise<boolean> {
    const isPlausible = Buffer.byteLength(password) <= MOST_COMPARED_BYTES;
    const answer = await this.#run(
      isPlausible ? this.comparison(password, stored) : this.comparison("", null),
    );
    if (answer.kind !== "verified") throw new Error("A password thread did not verify.");
    return isPlausible && stored !== null && answer.matches;
  }

  /**
   * The work of one comparison. A wrong password costs one of today's comparisons, whatever it is compared with. A
   * digest from elsewhere that is slow by itself, such as bcrypt's, still takes longer than that until the first good
   * sign-in replaces it: there is no telling for how long no account at all would have to be compared.
   */
  comparison(password: string, stored: StoredPassword | null): HashWork {
    const decoy = stored !== null && this.outdated(stored) ? this.#decoy : null;
    return { kind: "verify", password, stored: stored ?? this.#decoy, decoy };
  }

  outdated({ digest, hasher }: StoredPassword): boolean {
    if (hasher !== HASHER) return true;
    const costs = argon2Costs(digest);
    return costs === null || costs.memory < this.#memory || costs.passes < this.#passes;
  }

  check(password: string, instance: Instance, field: string, identifiers: readonly string[]): void {
    const faults = passwordFaults(password, instance.settings.passwordPolicy, field, identifiers);
    if (faults.length > 0) throw new IdentityError(faults as [Fault, ...Fault[]]);
  }

  close(): Promise<void> {
    return this.#threads.close();
  }

  async #run(work: HashWork) {
    const answer = await this.#threads.run(work);
    if (answer.kind === "failed") throw new Error(`A password could not be hashed: ${answer.message}`);
    return answer;
  }
}
