import { createPublicKey, type KeyObject } from "node:crypto";
import { parentPort } from "node:worker_threads";
import { type Batch, Verdict, type Verdicts } from "./batch.ts";
import { hasSignature } from "./signatures.ts";

const KEPT_KEYS = 100;

const port = parentPort;
if (port === null) throw new Error("signature_worker runs as a worker thread only.");

/** By their text: importing a key costs more than verifying a signature. */
const imported = new Map<string, KeyObject>();

function keyOf(spki: string): KeyObject {
  let key = imported.get(spki);
  if (key === undefined) {
    if (imported.size === KEPT_KEYS) {
      imported.clear();
    }
    key = createPublicKey({ key: Buffer.from(spki, "base64"), format: "der", type: "spki" });
    imported.set(spki, key);
  }
  return key;
}

function verdicts({ tokens, keyOf: indexes, keys }: Batch): Verdicts {
  return Uint8Array.from(tokens, (token, i) => {
    const { algorithm, spki } = keys[indexes[i]!]!;
    try {
      return hasSignature(token, algorithm, keyOf(spki)) ? Verdict.stands : Verdict.refused;
    } catch {
      // The thread that asked finds the same fault, and has somebody to tell it to.
      return Verdict.unknown;
    }
  });
}

port.on("message", (batch: Batch) => port.postMessage(verdicts(batch)));
