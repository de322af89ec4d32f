import type { Backend, TokenFacts, TokenGate } from "@tandem/backend";
import type { Identity } from "@tandem/identity";

/** The session that a token of our own issuer is of, by its `jti`: `<end of the session's id>.<random>`. */
function sessionIdOf({ id }: TokenFacts): string | null {
  const tail = id === null ? null : /^([0-9A-Za-z]+)\./.exec(id)?.[1];
  return tail ? `sess_${tail}` : null;
}

/**
 * Answers the issuer's own documents without the network: a proxy or a missing DNS name cannot break sign-in. All
 * other addresses are fetched as they are.
 */
export function issuerFetch(
  network: typeof globalThis.fetch,
  origins: readonly string[],
  identity: Pick<Identity, "fetch">,
): typeof globalThis.fetch {
  return (input, init) => {
    const request = input instanceof Request ? input : new URL(String(input));
    const url = request instanceof URL ? request : new URL(request.url);
    return origins.includes(url.origin)
      ? identity.fetch(new Request(request, init), { ipAddress: null })
      : network(input, init);
  };
}

/**
 * Without hearing of its end, a session that was found alive counts as alive for so long: pages fetch tokens again and
 * again, and open several sockets. An end that this process learns of counts at once.
 */
const ALIVE_MILLISECONDS = 5000;
const SESSIONS_REMEMBERED = 10_000;

/** Tokens of our issuers stand for a session, which may be over before they expire. */
export function sessionGate(
  issuers: readonly string[],
  identity: Pick<Identity, "isOver" | "events">,
  clock: { now(): number },
): TokenGate {
  /** Until when each counts as alive. */
  const alive = new Map<string, number>();
  let ends = 0;
  identity.events.onSessionsEnded((ended) => {
    ends += 1;
    for (const { sessionId } of ended) alive.delete(sessionId);
  });
  return async (token) => {
    if (!issuers.includes(token.issuer)) return false;
    const sessionId = sessionIdOf(token);
    if (sessionId === null) return false;
    const now = clock.now();
    if (now < (alive.get(sessionId) ?? 0)) return false;
    const endsBefore = ends;
    const isOver = await identity.isOver(sessionId);
    // A session that ended while it was looked up may have been found alive.
    if (!isOver && ends === endsBefore) {
      if (alive.size >= SESSIONS_REMEMBERED) alive.clear();
      alive.set(sessionId, now + ALIVE_MILLISECONDS);
    }
    return isOver;
  };
}

/** A session that ends signs its open sockets out at once. Answers a function that ends the joint. */
export function endCallersWithSessions(
  identity: Pick<Identity, "events">,
  backend: Pick<Backend, "endCallers">,
): () => void {
  return identity.events.onSessionsEnded((ended) => {
    const ids = new Set(ended.map(({ sessionId }) => sessionId));
    const issuers = new Set(ended.map(({ issuer }) => issuer));
    backend.endCallers((token) => {
      const sessionId = sessionIdOf(token);
      return sessionId !== null && ids.has(sessionId) && issuers.has(token.issuer);
    });
  });
}
