import type { Seal } from "@tandem/engine";
import { digestOf } from "../digest.ts";
import { publicId, randomText } from "../public_id.ts";
import type { Seams } from "../seams.ts";
import type { Environment, Reader, Writer } from "../store/index.ts";

const SECRET_LENGTH = 42;

/** Makes a secret key of the Backend API for an instance. */
export async function createSecretKey(
  tx: Writer,
  instance: { readonly id: string; readonly environment: Environment },
  { seal, seams }: { seal: Seal; seams: Seams },
): Promise<void> {
  const kind = instance.environment === "production" ? "live" : "test";
  const secret = `sk_${kind}_${randomText(SECRET_LENGTH, seams.random)}`;
  const id = publicId("sk", seams.random);
  await tx.insert("secret_keys", {
    id,
    instanceId: instance.id,
    digest: digestOf(secret),
    sealed: seal.seal(secret, `secret key ${id}`),
    createdAt: seams.clock.now(),
  });
}

/** The newest secret key of an instance, for the machine's owner. */
export async function secretKeyOf(reader: Reader, instanceId: string, seal: Seal): Promise<string> {
  const [row] = await reader.list("secret_keys", "by_instance", [instanceId], { order: "desc", limit: 1 });
  if (row === undefined) throw new Error(`The instance ${instanceId} has no secret key.`);
  return seal.open(row.sealed, `secret key ${row.id}`);
}

/** The instance that a secret key opens, or null. The look-up is by digest: its time tells nothing of the key. */
export async function instanceOfSecretKey(reader: Reader, secret: string): Promise<string | null> {
  return (await reader.first("secret_keys", "by_digest", [digestOf(secret)]))?.instanceId ?? null;
}
