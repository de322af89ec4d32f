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

/** Tokens of our issuers stand for a session, which may be over before they expire. */
export function sessionGate(issuers: readonly string[], identity: Pick<Identity, "isOver">): TokenGate {
  return async (token) => {
    if (!issuers.includes(token.issuer)) return false;
    const sessionId = sessionIdOf(token);
    return sessionId !== null && (await identity.isOver(sessionId));
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
