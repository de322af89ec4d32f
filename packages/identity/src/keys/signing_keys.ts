import { createPrivateKey, generateKeyPair, type KeyObject, sign } from "node:crypto";
import { promisify } from "node:util";
import type { Seal } from "@tandem/engine";
import { randomText } from "../public_id.ts";
import type { Seams } from "../seams.ts";
import type { SigningKeyRow, Store, Writer } from "../store/index.ts";

const generate = promisify(generateKeyPair);

/** RSA-2048 with exponent 65537: the only kind that every verifier reads (B §2.8). */
const MODULUS_BITS = 2048;

/** For so long a key that another process has retired may sign on; verifiers know it for much longer. */
const CURRENT_MILLISECONDS = 5000;

export interface SigningKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
}

/** The RS256 keys of all instances: one of each signs, those just retired still verify. */
export class SigningKeys {
  readonly #store: Store;
  readonly #seal: Seal;
  readonly #seams: Seams;
  /** Milliseconds that a retired key is listed on: longer than any token lives. */
  readonly #keep: number;
  readonly #opened = new Map<string, SigningKey>();
  readonly #current = new Map<string, { readonly key: SigningKey; readonly until: number }>();
  readonly #beginning = new Map<string, Promise<SigningKeyRow>>();

  constructor(parts: { store: Store; seal: Seal; seams: Seams; keep: number }) {
    this.#store = parts.store;
    this.#seal = parts.seal;
    this.#seams = parts.seams;
    this.#keep = parts.keep;
  }

  /** The key that signs now. An instance's first is made when it is first asked for. */
  async current(instanceId: string): Promise<SigningKey> {
    const now = this.#seams.clock.now();
    const known = this.#current.get(instanceId);
    if (known !== undefined && known.until > now) return known.key;
    const key = await this.#newest(instanceId);
    this.#current.set(instanceId, { key, until: now + CURRENT_MILLISECONDS });
    return key;
  }

  async #newest(instanceId: string): Promise<SigningKey> {
    const rows = await this.#rows(instanceId);
    return this.#open(rows.find(signs) ?? (await this.begin(instanceId)));
  }

  /** Makes an instance's first key, if it has none. Takes a tenth of a second or more. */
  begin(instanceId: string): Promise<SigningKeyRow> {
    let beginning = this.#beginning.get(instanceId);
    if (beginning === undefined) {
      beginning = this.#begin(instanceId).finally(() => this.#beginning.delete(instanceId));
      this.#beginning.set(instanceId, beginning);
    }
    return beginning;
  }

  async #begin(instanceId: string): Promise<SigningKeyRow> {
    const present = (await this.#rows(instanceId)).find(signs);
    if (present !== undefined) return present;
    const key = await this.prepare(instanceId);
    return this.#store.transact("first key", async (tx) => {
      const rows = await tx.list("signing_keys", "by_instance", [instanceId]);
      return rows.find(signs) ?? (await tx.insert("signing_keys", key));
    });
  }

  /** The JWK set of an instance (RFC 7517): every key whose tokens may still be alive. */
  async jwks(instanceId: string): Promise<{ keys: Record<string, unknown>[] }> {
    await this.current(instanceId);
    const rows = await this.#rows(instanceId);
    const since = this.#seams.clock.now() - this.#keep;
    return {
      keys: rows
        .filter(({ retiredAt }) => retiredAt === null || retiredAt > since)
        .map(({ publicJwk }) => JSON.parse(publicJwk) as Record<string, unknown>),
    };
  }

  /** Makes a key pair: slow, so it happens before a transaction begins. */
  async prepare(instanceId: string): Promise<Omit<SigningKeyRow, "_id">> {
    const { privateKey, publicKey } = await generate("rsa", { modulusLength: MODULUS_BITS });
    const kid = `ins_${randomText(27, this.#seams.random)}`;
    const pem = privateKey.export({ type: "pkcs8", format: "pem" }) as string;
    return {
      id: kid,
      instanceId,
      sealedPrivateKey: this.#seal.seal(pem, `signing key ${kid}`),
      publicJwk: JSON.stringify({ use: "sig", alg: "RS256", kid, ...publicKey.export({ format: "jwk" }) }),
      createdAt: this.#seams.clock.now(),
      retiredAt: null,
    };
  }

  /**
   * A new key signs from now on. Tokens of the ones before stay good until they expire; with `revokePrevious`, for a
   * key that has leaked, none of them is published any longer. What `alongside` writes is there exactly if the new key
   * is.
   */
  async rotate(
    instanceId: string,
    { revokePrevious }: { readonly revokePrevious: boolean },
    alongside: (tx: Writer, key: SigningKeyRow) => Promise<void>,
  ): Promise<SigningKeyRow> {
    const prepared = await this.prepare(instanceId);
    const since = prepared.createdAt - this.#keep;
    const rotated = await this.#store.transact("rotate keys", async (tx) => {
      for (const other of await tx.list("signing_keys", "by_instance", [instanceId])) {
        const isOver = other.retiredAt !== null && other.retiredAt <= since;
        if (revokePrevious || isOver) await tx.remove("signing_keys", other);
        else if (signs(other)) await tx.patch("signing_keys", other, { retiredAt: prepared.createdAt });
      }
      const key = await tx.insert("signing_keys", prepared);
      await alongside(tx, key);
      return key;
    });
    this.#current.delete(instanceId);
    return rotated;
  }

  #rows(instanceId: string): Promise<SigningKeyRow[]> {
    return this.#store.read().list("signing_keys", "by_instance", [instanceId], { order: "desc" });
  }

  #open(row: SigningKeyRow): SigningKey {
    let key = this.#opened.get(row.id);
    if (key === undefined) {
      const pem = this.#seal.open(row.sealedPrivateKey, `signing key ${row.id}`);
      key = { kid: row.id, privateKey: createPrivateKey(pem) };
      this.#opened.set(row.id, key);
    }
    return key;
  }
}

const signs = ({ retiredAt }: SigningKeyRow): boolean => retiredAt === null;

const base64url = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");

/** A signed JWT (RFC 7515, RS256). The signature is made off the main thread. `cat` is the token's category (B §2.7). */
export function signJwt(key: SigningKey, claims: Record<string, unknown>, cat: string): Promise<string> {
  const input = `${base64url({ alg: "RS256", cat, kid: key.kid, typ: "JWT" })}.${base64url(claims)}`;
  return new Promise((resolve, reject) => {
    sign("RSA-SHA256", Buffer.from(input), key.privateKey, (error, signature) => {
      if (error !== null) reject(error);
      else resolve(`${input}.${signature.toString("base64url")}`);
    });
  });
}
