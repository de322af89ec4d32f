import { type Disk, MemoryMedium } from "@tandem/engine";
import { digestOf } from "../digest.ts";
import type { Limits } from "../limits.ts";
import type { Parts } from "../parts.ts";
import { publicId } from "../public_id.ts";
import { usedAt } from "../sessions/use_session.ts";
import type { Environment, UserRow } from "../store/index.ts";
import { startIdentity } from "../testing/start_identity.ts";

/** Somebody with an account, signed in at their own browser. */
export interface Person {
  readonly emailAddress: string;
  readonly username: string;
  readonly password: string;
  readonly userId: string;
  readonly emailAddressId: string;
  readonly sessionId: string;
  /** The value of their browser's cookie. */
  readonly cookie: string;
}

/** Who lives in one instance. */
export interface People {
  /** Whose account is attacked. */
  readonly victim: Person;
  /** Who attacks, as far as they need an account themselves. */
  readonly mallory: Person;
}

export interface World {
  /** A store of one's own with everybody in it, on a disk that takes its time. */
  copy(disk?: Disk): Promise<MemoryMedium>;
  readonly people: Readonly<Record<Environment, People>>;
}

/** Passwords need not be hard to guess here, but the tests be fast. */
export const QUICK_HASHES: Partial<Limits> = { hashMemory: 64 * 1024, hashPasses: 1, hashThreads: 1 };

class MediumOnDisk extends MemoryMedium {
  readonly #disk: Disk;

  constructor(disk: Disk) {
    super();
    this.#disk = disk;
  }

  override open() {
    return super.open(this.#disk);
  }
}

const MOST_COMMITS = 10_000;

let world: Promise<World> | null = null;

/** Made once for each process: every target begins with a copy of it, keys included. */
export function theWorld(): Promise<World> {
  world ??= makeWorld();
  return world;
}

async function makeWorld(): Promise<World> {
  const medium = new MemoryMedium();
  const server = await startIdentity({ medium, limits: QUICK_HASHES });
  const { parts } = server;
  const people: Record<string, People> = {};
  for (const environment of ["development", "production"] as const) {
    const { id } = await parts.instances.byEnvironment(environment);
    await parts.keys.current(id);
    people[environment] = {
      victim: await addPerson(parts, id, "jane@example.com", "jane_doe", "violet harbour kettle"),
      mallory: await addPerson(parts, id, "mallory@example.com", "mallory", "crimson anchor lantern"),
    };
  }
  await server[Symbol.asyncDispose]();
  const origin = medium.open();
  const commits = await origin.tail(0, MOST_COMMITS);
  return {
    people: people as Record<Environment, People>,
    async copy(disk) {
      const copy = disk === undefined ? new MemoryMedium() : new MediumOnDisk(disk);
      const store = copy.open();
      const { appended } = await store.append(await store.head(), commits);
      if (!appended) throw new Error("The world could not be copied.");
      await store.close();
      return copy;
    },
  };
}

async function addPerson(
  { store, seams, passwords, limits }: Parts,
  instanceId: string,
  emailAddress: string,
  username: string,
  password: string,
): Promise<Person> {
  const stored = await passwords.hash(password);
  const now = seams.clock.now();
  const id = (prefix: "user" | "idn" | "sess" | "client" | "act") => publicId(prefix, seams.random);
  const person: Person = {
    emailAddress,
    username,
    password,
    userId: id("user"),
    emailAddressId: id("idn"),
    sessionId: id("sess"),
    cookie: id("client"),
  };
  const times = { createdAt: now, updatedAt: now };
  const user: Omit<UserRow, "_id"> = {
    id: person.userId,
    instanceId,
    externalId: null,
    username,
    usernameKey: username,
    firstName: "Jane",
    lastName: "Doe",
    primaryEmailAddressId: person.emailAddressId,
    passwordDigest: stored.digest,
    passwordHasher: stored.hasher,
    passwordUpdatedAt: now,
    passwordCompromised: false,
    publicMetadata: JSON.stringify({ plan: "free" }),
    privateMetadata: JSON.stringify({ note: "only for the backend" }),
    unsafeMetadata: "{}",
    banned: false,
    lock: null,
    failedAttempts: 0,
    deleteSelfEnabled: true,
    createOrganizationEnabled: true,
    createOrganizationsLimit: null,
    locale: null,
    legalAcceptedAt: null,
    lastSignInAt: now,
    lastActiveAt: now,
    ...times,
  };
  await store.transact("test", async (tx) => {
    await tx.insert("users", user);
    await tx.insert("email_addresses", {
      id: person.emailAddressId,
      instanceId,
      userId: person.userId,
      emailAddress,
      reserved: false,
      verification: {
        status: "verified",
        strategy: "email_code",
        attempts: 1,
        expireAt: null,
        codeDigest: null,
        sentAt: null,
      },
      ...times,
    });
    const client = await tx.insert("clients", {
      id: id("client"),
      instanceId,
      tokenDigest: digestOf(person.cookie),
      signInId: null,
      signUpId: null,
      lastActiveSessionId: person.sessionId,
      lastAuthenticationStrategy: "password",
      expireAt: now + limits.clientLifetime,
      ...times,
    });
    await tx.insert("sessions", {
      id: person.sessionId,
      instanceId,
      clientId: client.id,
      userId: person.userId,
      status: "active",
      expireAt: now + limits.sessionLifetime,
      ...usedAt(limits, now + limits.sessionLifetime, now),
      lastActiveOrganizationId: null,
      firstFactorVerifiedAt: now,
      secondFactorVerifiedAt: null,
      actor: null,
      activity: {
        id: id("act"),
        deviceType: null,
        isMobile: false,
        browserName: null,
        browserVersion: null,
        ipAddress: null,
      },
      endedAt: null,
      ...times,
    });
  });
  return person;
}
