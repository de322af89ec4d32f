import { parseOptions, verifySync } from "@node-rs/argon2";
import { hashSync } from "bcryptjs";
import { afterEach, describe, expect, test } from "vitest";
import { IdentityError } from "../errors/index.ts";
import { defaultSettings, type Instance } from "../instances/index.ts";
import { readLimits } from "../limits.ts";
import { decoyDigest } from "./decoy_digest.ts";
import { HashThreads } from "./hash_threads.ts";
import type { StoredPassword } from "./passwords.ts";
import { ThreadedPasswords } from "./threaded_passwords.ts";

const timers = { setTimeout, clearTimeout: (timer: unknown) => clearTimeout(timer as NodeJS.Timeout) };
const limits = { ...readLimits({}), hashMemory: 1024 * 1024 };
const opened: { close(): Promise<void> }[] = [];

function open(): ThreadedPasswords {
  const passwords = new ThreadedPasswords(limits, timers);
  opened.push(passwords);
  return passwords;
}

afterEach(async () => {
  await Promise.all(opened.splice(0).map((one) => one.close()));
});

function instanceWith(policy: Partial<ReturnType<typeof defaultSettings>["passwordPolicy"]> = {}): Instance {
  const settings = defaultSettings("development");
  return { settings: { ...settings, passwordPolicy: { ...settings.passwordPolicy, ...policy } } } as Instance;
}

describe("hashing", () => {
  test("the right password is known again, a wrong one is not", async () => {
    const passwords = open();
    const stored = await passwords.hash("a quiet evening by the sea");
    expect(stored.digest).toMatch(/^\$argon2id\$v=19\$m=1024,t=2,p=1\$/);
    expect(await passwords.verify("a quiet evening by the sea", stored)).toBe(true);
    expect(await passwords.verify("a quiet evening by the lake", stored)).toBe(false);
  });

  test("one password has another digest every time", async () => {
    const passwords = open();
    expect((await passwords.hash("same")).digest).not.toBe((await passwords.hash("same")).digest);
  });

  test("timing: what an account that is not there is compared with costs as much as a real digest", async () => {
    const { digest } = await open().hash("x");
    expect(parseOptions(decoyDigest(limits))).toEqual(parseOptions(digest));
    expect(decoyDigest(limits)).not.toBe(decoyDigest(limits));
  });

  test("timing: what a wrong password is compared with costs a comparison of today, whatever digest there is", async () => {
    const passwords = open();
    const threads = new HashThreads({ threads: 1, queue: 9, idleTime: 1000, timers });
    opened.push(threads);
    const weak = new ThreadedPasswords({ ...limits, hashMemory: 512 * 1024 }, timers);
    opened.push(weak);
    const work = async (password: string, stored: StoredPassword | null) => {
      const comparison = passwords.comparison(password, stored);
      const answer = await threads.run(comparison);
      if (answer.kind !== "verified" || comparison.kind !== "verify") throw new Error("It was not compared.");
      const last = answer.hashers.length > 1 ? comparison.decoy! : comparison.stored;
      return { hashers: answer.hashers, cost: last.hasher === "argon2id" ? parseOptions(last.digest) : null };
    };
    const cost = parseOptions(decoyDigest(limits));
    const own = await passwords.hash("x");
    const md5 = { digest: "5f4dcc3b5aa765d61d8327deb882cf99", hasher: "md5" };
    const bcrypt = { digest: hashSync("password", 4), hasher: "bcrypt" };
    expect(await work("wrong", null)).toEqual({ hashers: ["argon2id"], cost });
    expect(await work("wrong", own)).toEqual({ hashers: ["argon2id"], cost });
    expect(await work("wrong", md5)).toEqual({ hashers: ["md5", "argon2id"], cost });
    expect(await work("wrong", bcrypt)).toEqual({ hashers: ["bcrypt", "argon2id"], cost });
    expect(await work("wrong", await weak.hash("x"))).toEqual({ hashers: ["argon2id", "argon2id"], cost });
    // Whoever has the right one learns of the account anyway, and its digest is made anew.
    expect(await work("password", md5)).toMatchObject({ hashers: ["md5"] });
    expect(await passwords.verify("wrong", md5)).toBe(false);
    expect(await passwords.verify("password", md5)).toBe(true);
  });

  test("timing: without an account the comparison takes its turn like any other, and answers false", async () => {
    const passwords = new ThreadedPasswords({ ...limits, hashThreads: 1, hashQueue: 1 }, timers);
    opened.push(passwords);
    const busy = passwords.hash("x");
    const waiting = passwords.verify("x", null);
    await expect(passwords.verify("x", null)).rejects.toMatchObject({ status: 429 });
    await busy;
    expect(await waiting).toBe(false);
  });

  test("the main thread goes on while passwords are hashed", async () => {
    const passwords = new ThreadedPasswords(
      { ...limits, hashMemory: 64 * 1024 * 1024, hashPasses: 4 },
      timers,
    );
    opened.push(passwords);
    let turns = 0;
    let isDone = false;
    const hashed = passwords.hash("x").then(() => {
      isDone = true;
    });
    while (!isDone) {
      turns++;
      await new Promise((resolve) => setImmediate(resolve));
    }
    await hashed;
    expect(turns).toBeGreaterThan(20);
  });

  test("a digest with less work than today's is outdated", async () => {
    const passwords = open();
    expect(passwords.outdated(await passwords.hash("x"))).toBe(false);
    const weak = new ThreadedPasswords({ ...limits, hashMemory: 512 * 1024 }, timers);
    opened.push(weak);
    expect(passwords.outdated(await weak.hash("x"))).toBe(true);
    expect(passwords.outdated({ digest: "5f4dcc3b5aa765d61d8327deb882cf99", hasher: "md5" })).toBe(true);
  });
});

describe("threads", () => {
  const work = { kind: "hash", password: "x", memory: 1024 * 1024, passes: 2 } as const;

  test("a flood of passwords is refused instead of piling up", async () => {
    const threads = new HashThreads({ threads: 1, queue: 2, idleTime: 1000, timers });
    opened.push(threads);
    const taken = [threads.run(work), threads.run(work), threads.run(work)];
    await expect(threads.run(work)).rejects.toMatchObject({ status: 429, retryAfter: 2 });
    expect((await Promise.all(taken)).map(({ kind }) => kind)).toEqual(["hashed", "hashed", "hashed"]);
  });

  test("under load several answers come together, each to whom it belongs and in the order they were asked", async () => {
    const threads = new HashThreads({ threads: 1, queue: 20, idleTime: 1000, timers });
    opened.push(threads);
    const order: number[] = [];
    const turns = new Set<number>();
    let turn = 0;
    const passwords = Array.from({ length: 13 }, (_, i) => `password ${i}`);
    const counting = setInterval(() => turn++, 0);
    const digests = await Promise.all(
      passwords.map(async (password, i) => {
        const answer = await threads.run({ ...work, memory: 8 * 1024 * 1024, password });
        order.push(i);
        turns.add(turn);
        if (answer.kind !== "hashed") throw new Error("It was not hashed.");
        return answer.digest;
      }),
    );
    clearInterval(counting);
    expect(order).toEqual(passwords.keys().toArray());
    // The first alone, then 4 of 12, 4 of 8, and so on.
    expect(turns.size).toBeLessThanOrEqual(4);
    for (const [i, digest] of digests.entries()) expect(verifySync(digest, passwords[i]!)).toBe(true);
  });

  test("whoever waits when the server stops is told so", async () => {
    const threads = new HashThreads({ threads: 1, queue: 5, idleTime: 1000, timers });
    const outcomes = Promise.allSettled([threads.run(work), threads.run(work), threads.run(work)]);
    await threads.close();
    for (const outcome of await outcomes) expect(outcome.status).toBe("rejected");
    await expect(threads.run(work)).rejects.toThrow(/closed/);
  });

  test("a password that cannot be hashed is an error, and the next one is hashed", async () => {
    const threads = new HashThreads({ threads: 1, queue: 5, idleTime: 1000, timers });
    opened.push(threads);
    const stored = { digest: "none", hasher: "argon2id" };
    const impossible = { kind: "verify", password: "x", stored, decoy: null } as const;
    expect(await threads.run(impossible)).toMatchObject({
      kind: "failed",
      message: expect.stringContaining("form"),
    });
    expect(await threads.run(work)).toMatchObject({ kind: "hashed" });
  });

  test("no thread runs at rest", async () => {
    let idle = () => {};
    const threads = new HashThreads({
      threads: 1,
      queue: 1,
      idleTime: 1000,
      timers: {
        setTimeout: (run) => {
          idle = run;
          return 0;
        },
        clearTimeout: () => {},
      },
    });
    opened.push(threads);
    expect(threads.size).toBe(0);
    await threads.run(work);
    expect(threads.size).toBe(1);
    idle();
    expect(threads.size).toBe(0);
    expect(await threads.run(work)).toMatchObject({ kind: "hashed" });
  });
});

describe("the policy", () => {
  function codes(password: string, policy = {}, identifiers: string[] = []): string[] {
    const passwords = open();
    try {
      passwords.check(password, instanceWith(policy), "password", identifiers);
      return [];
    } catch (error) {
      if (!(error instanceof IdentityError)) throw error;
      expect(error.faults.every(({ meta }) => meta.param_name === "password")).toBe(true);
      return error.faults.map(({ code }) => code);
    }
  }

  test("a good password has no fault", () => {
    expect(codes("a quiet evening by the sea")).toEqual([]);
    expect(codes("kR7#vq2mZt")).toEqual([]);
  });

  test("all faults are told at once", () => {
    const all = {
      requireUppercase: true,
      requireLowercase: true,
      requireNumbers: true,
      requireSpecialCharacters: true,
    };
    expect(codes("ä", all)).toEqual([
      "form_password_length_too_short",
      "form_password_no_uppercase",
      "form_password_no_number",
      "form_password_no_special_char",
    ]);
    expect(codes("ÄÖÜ", all)).toContain("form_password_no_lowercase");
    expect(codes("Ä1-quiet-evening", all)).toEqual([]);
  });

  test("lengths count characters, not bytes, up to a bound of bytes", () => {
    expect(codes("🌊".repeat(8))).not.toContain("form_password_length_too_short");
    expect(codes("x".repeat(73))).toContain("form_password_length_too_long");
    expect(codes("🌊🐚🦀🐠".repeat(40), { maxLength: 200 })).toEqual([
      "form_password_size_in_bytes_exceeded",
    ]);
  });

  test.each(["password", "PASSWORD", "P@ssw0rd", "P@ssw0rd!", "monkey2024", "qwertyuiop", "12345678"])(
    "what attackers try first is refused: %s",
    (password) => {
      expect(codes(password)).toEqual(["form_password_pwned"]);
      expect(codes(password, { refuseBreached: false })).not.toContain("form_password_pwned");
    },
  );

  test("few different characters are no password", () => {
    expect(codes("xvxvxvxvxvxvxvxvx")).toEqual(["form_password_not_strong_enough"]);
  });

  test("one's own address or name is no password", () => {
    const ada = ["ada.lovelace@example.com", "countess"];
    expect(codes("Ada.Lovelace@example.com", {}, ada)).toEqual(["form_password_matches_identifier"]);
    expect(codes("ada.lovelace", {}, ada)).toContain("form_password_matches_identifier");
    expect(codes("COUNTESS", {}, ada)).toContain("form_password_matches_identifier");
  });
});
