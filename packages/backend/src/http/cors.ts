/** Days are long enough to spare a page its preflights (P §3.4). */
const MAX_AGE_SECONDS = "86400";

/**
 * Cross-origin headers of the API (P §3.4): any page may call it, with credentials; who may do what is decided by
 * the token, never by the origin.
 */
export function corsHeaders(request: Request): Record<string, string> {
  const origin = request.headers.get("origin");
  if (origin === null) {
    return {};
  }
  return {
    "access-control-allow-origin": origin,
    "access-control-allow-credentials": "true",
    vary: "origin",
  };
}

/** The answer to a preflight. */
export function preflight(request: Request): Response {
  const headers: Record<string, string> = {
    ...corsHeaders(request),
    "access-control-allow-methods": "GET, POST, OPTIONS, PATCH, DELETE, PUT",
    "access-control-max-age": MAX_AGE_SECONDS,
  };
  const wanted = request.headers.get("access-control-request-headers");
  if (wanted !== null) {
    headers["access-control-allow-headers"] = wanted;
  }
  return new Response(null, { status: 200, headers });
}
