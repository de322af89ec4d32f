import { digestOf } from "../digest.ts";
import type { Instance } from "../instances/index.ts";
import { publicId } from "../public_id.ts";
import type { Seams } from "../seams.ts";
import type { Writer } from "../store/index.ts";

/** A new development browser. Answers its token, which is shown this once. */
export async function createDevBrowser(
  tx: Writer,
  instance: Instance,
  { seams, now, clientId }: { seams: Seams; now: number; clientId: string | null },
): Promise<string> {
  const token = publicId("dvb", seams.random);
  await tx.insert("dev_browsers", {
    id: publicId("dvb", seams.random),
    instanceId: instance.id,
    tokenDigest: digestOf(token),
    clientId,
    createdAt: now,
  });
  return token;
}
