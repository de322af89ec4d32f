import type { Seal } from "@tandem/engine";
import { digestOf } from "../digest.ts";
import { refuse } from "../errors/index.ts";
import { publicId, randomText } from "../public_id.ts";
import type { Seams } from "../seams.ts";
import type { Environment, Reader, SecretKeyRow, Writer } from "../store/index.ts";

const SECRET_LENGTH = 42;

/** Makes a secret key of the Backend API for an instance. Answers the key itself too, to be shown this once. */
export async function createSecretKey(
  tx: Writer,
  instance: { readonly id: string; readonly environment: Environment },
  { seal, seams }: { seal: Seal; seams: Seams },
): Promise<{ readonly row: SecretKeyRow; readonly secret: string }> {
  const kind = instance.environment === "production" ? "live" : "test";
  const secret = `sk_${kind}_${randomText(SECRET_LENGTH, seams.random)}`;
  const id = publicId("sk", seams.random);
  const row = await tx.insert("secret_keys", {
    id,
    instanceId: instance.id,
    digest: digestOf(secret),
    sealed: seal.seal(secret, `secret key ${id}`),
    createdAt: seams.clock.now(),
  });
  return { row, secret };
}

/** Throws `resource_forbidden` for the only key of an instance: there would be no way to make another one. */
export async function refuseLastSecretKey(reader: Reader, { instanceId }: SecretKeyRow): Promise<void> {
  const keys = await reader.list("secret_keys", "by_creation", [instanceId], { limit: 2 });
  if (keys.length < 2) {
    throw refuse(
      "resource_forbidden",
      {},
      "This is the instance's only secret key: make another one before you delete it (POST /v1/secret_keys).",
    );
  }
}

/** The newest secret key of an instance, for the machine's owner. */
export async function secretKeyOf(reader: Reader, instanceId: string, seal: Seal): Promise<string> {
  const [row] = await reader.list("secret_keys", "by_creation", [instanceId], { order: "desc", limit: 1 });
  if (row === undefined) throw new Error(`The instance ${instanceId} has no secret key.`);
  return seal.open(row.sealed, `secret key ${row.id}`);
}

/** The instance that a secret key opens, or null. The look-up is by digest: its time tells nothing of the key. */
export async function instanceOfSecretKey(reader: Reader, secret: string): Promise<string | null> {
  return (await reader.first("secret_keys", "by_digest", [digestOf(secret)]))?.instanceId ?? null;
}
