import type { IncomingMessage } from "node:http";

/** Who sent a request: the last address that a machine in front has added, if that machine is trusted. */
export function addressOf(
  incoming: Pick<IncomingMessage, "headers" | "socket">,
  trustProxy: boolean,
): string | null {
  const forwarded = trustProxy ? incoming.headers["x-forwarded-for"] : undefined;
  const last = [forwarded].flat().at(-1)?.split(",").at(-1)?.trim();
  return last || (incoming.socket.remoteAddress ?? null);
}
