import { hash } from "node:crypto";
import type { Seams } from "../seams.ts";

/** Ids drawn at once: every query takes one, and most of the price is in the drawing. */
const DRAWN = 64;

/** Random request ids of 16 hex digits, for what has no other (P §1.6). */
export class RequestIds {
  readonly #random: Seams["random"];
  /** Ids not given out yet, the next one last. */
  readonly #ids: string[] = [];

  constructor(random: Seams["random"]) {
    this.#random = random;
  }

  next(): string {
    if (this.#ids.length === 0) {
      const digits = Buffer.from(this.#random.bytes(8 * DRAWN)).toString("hex");
      for (let i = 0; i < DRAWN; i++) {
        this.#ids.push(digits.slice(16 * i, 16 * i + 16));
      }
    }
    return this.#ids.pop()!;
  }
}

/**
 * The id under which a mutation or action of a socket appears in logs and errors: the same for every resend of the
 * request (P §1.6).
 */
export function webSocketRequestId(request: { sessionId: string; requestId: number }): string {
  return hash("sha256", `${request.sessionId}|${request.requestId}`, "hex").slice(0, 16);
}
