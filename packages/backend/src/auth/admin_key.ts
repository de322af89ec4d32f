import { createCipheriv, createDecipheriv, hkdfSync } from "node:crypto";
import { ApiError } from "@tandem/protocol";

/** First byte of the key's secret part; another layout would get another. */
const FORMAT = 2;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

export interface AdminKeyContent {
  /** Seconds since the epoch. */
  readonly issued: number;
  readonly readOnly: boolean;
}

function cipherKey(instanceSecret: string): Buffer {
  return Buffer.from(hkdfSync("sha256", Buffer.from(instanceSecret, "hex"), "", "tandem admin key", 32));
}

/**
 * A key for the deployment `instanceName`: `<name>|<hex>`, as tools expect it (P §5.9). The hex part is ours:
 * format byte, nonce, and the content sealed with AES-256-GCM under a key of the instance secret, so that it can
 * be checked without being stored.
 */
export function sealAdminKey(
  instanceName: string,
  instanceSecret: string,
  content: AdminKeyContent,
  nonce: Uint8Array,
): string {
  const cipher = createCipheriv("aes-256-gcm", cipherKey(instanceSecret), nonce);
  cipher.setAAD(Buffer.from(`${FORMAT}|${instanceName}`));
  const sealed = Buffer.concat([cipher.update(JSON.stringify(content), "utf8"), cipher.final()]);
  const secret = Buffer.concat([Buffer.from([FORMAT]), nonce, sealed, cipher.getAuthTag()]).toString("hex");
  return `${instanceName}|${secret}`;
}

/** Throws `BadAdminKey` unless `key` was sealed for this deployment. A type prefix such as `prod:` is ignored. */
export function openAdminKey(instanceName: string, instanceSecret: string, key: string): AdminKeyContent {
  const bar = key.indexOf("|");
  const name = key.slice(0, Math.max(bar, 0)).replace(/^(?:prod|dev):/, "");
  const secret = Buffer.from(key.slice(bar + 1), "hex");
  if (
    bar === -1 ||
    name !== instanceName ||
    secret.length <= 1 + NONCE_BYTES + TAG_BYTES ||
    secret[0] !== FORMAT
  ) {
    throw badAdminKey();
  }
  try {
    const decipher = createDecipheriv(
      "aes-256-gcm",
      cipherKey(instanceSecret),
      secret.subarray(1, 1 + NONCE_BYTES),
    );
    decipher.setAAD(Buffer.from(`${FORMAT}|${instanceName}`));
    decipher.setAuthTag(secret.subarray(-TAG_BYTES));
    const text =
      decipher.update(secret.subarray(1 + NONCE_BYTES, -TAG_BYTES), undefined, "utf8") +
      decipher.final("utf8");
    return JSON.parse(text) as AdminKeyContent;
  } catch {
    // Whatever is wrong with it, the caller learns only that it is no key of ours.
    throw badAdminKey();
  }
}

function badAdminKey(): ApiError {
  return new ApiError(
    "Unauthenticated",
    "BadAdminKey",
    "The provided admin key was invalid for this instance",
  );
}
