import { randomBytes } from "node:crypto";
import { domainToASCII } from "node:url";
import { runSubtle, runSubtleAside, type SubtleAnswer } from "./subtle/operations.ts";
import type { SubtleRequest } from "./subtle/request.ts";

/** What a lane gives to the operations of a realm. */
export interface HostServices {
  /** A console line, to be read by `readLogLine`. */
  log(payload: string): void;
  /** The user's places for frames: `mapStack` with the version's maps. */
  mapStack(payload: string): string;
  /** Random bytes for `crypto.getRandomValues` and `randomUUID`: deterministic in queries and mutations. */
  random(length: number): Uint8Array;
}

/** True randomness, for actions. */
export const trueRandom = (length: number): Uint8Array => randomBytes(length);

/** An answer as the realm's bridge reads it. */
export const answered = (text: string): string => `+${text}`;

/** A failure as the realm's bridge reads it; `data` is a ConvexError's, decoded JSON in Convex encoding. */
export function failed(error: unknown, data?: unknown): string {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  const plain = /^(?:Error|TypeError|RangeError|SyntaxError|Node.*|System.*)$/.test(name);
  // A DOMException's own SyntaxError is told from the language's by its class.
  const dom = !plain || (name === "SyntaxError" && !(error instanceof SyntaxError));
  return `-${JSON.stringify({ name, message, dom, ...(data === undefined ? {} : { data }) })}`;
}

/**
 * The operations that every realm may ask for, answered at once: put it into an `ivm.Callback` and hand that to the
 * realm's `connect`. Never throws: failures are answers.
 */
export function hostCall(services: HostServices): (operation: string, payload: string) => string {
  return (operation, payload) => {
    try {
      switch (operation) {
        case "log":
          services.log(payload);
          return "+";
        case "map_stack":
          return answered(services.mapStack(payload));
        case "random":
          return answered(latin1(services.random(Number(payload))));
        case "domain":
          return answered(domainToASCII(payload));
        case "crypto": {
          const { request, data } = readSubtle(payload);
          return answered(writeSubtle(runSubtle(request, data)));
        }
        default:
          throw new Error(`Unknown host operation "${operation}".`);
      }
    } catch (error) {
      return failed(error);
    }
  };
}

/** `crypto.subtle` of an action: long work is done beside the event loop. */
export async function subtleAside(payload: string): Promise<string> {
  const { request, data } = readSubtle(payload);
  return writeSubtle(await runSubtleAside(request, data));
}

function readSubtle(payload: string): { request: SubtleRequest; data: Buffer } {
  const end = payload.indexOf("\n");
  return {
    request: JSON.parse(payload.slice(0, end)) as SubtleRequest,
    data: Buffer.from(payload.slice(end + 1), "latin1"),
  };
}

function writeSubtle({ head, body }: SubtleAnswer): string {
  return `${JSON.stringify(head)}\n${body.toString("latin1")}`;
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
}
