import { hash } from "node:crypto";

/**
 * The id under which a mutation or action of a socket appears in logs and errors: the same for every resend of the
 * request (P §1.6).
 */
export function webSocketRequestId(request: { sessionId: string; requestId: number }): string {
  return hash("sha256", `${request.sessionId}|${request.requestId}`, "hex").slice(0, 16);
}
