import { ClerkRuntimeError } from "./errors.ts";
import { clientFromCookie } from "./page/client_from_cookie.ts";
import type { Connection } from "./page/connection.ts";
import { savedEnvironment, saveEnvironment } from "./page/environment_snapshot.ts";
import type { Client } from "./resources/client.ts";
import { isPassing } from "./wire/api_errors.ts";
import type { ClientJson, EnvironmentJson } from "./wire/json.ts";
import { persistently } from "./wire/retry.ts";

/** How long the first answers may take before the page starts without them, in milliseconds (F §2.4). */
const PATIENCE_AT_START = 7000;

/** What a page starts with; `degraded` when it is what was remembered, the server being out of order (F §2.3). */
export type FirstLoad = { environment: EnvironmentJson; client: ClientJson | null; degraded: boolean };

/**
 * The settings and the client, fetched side by side.
 *
 * @param asksByChange - whether to ask for the settings by a change, as pages of development instances do (F §3)
 * @throws ClerkAPIResponseError when the server refuses to know this page
 */
export async function firstLoad(
  connection: Connection,
  client: Client,
  asksByChange: boolean,
): Promise<FirstLoad> {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), PATIENCE_AT_START);
  const [settings, visitor] = await Promise.allSettled([
    fetchEnvironment(connection, asksByChange, abort.signal),
    client.fetch(abort.signal),
  ]);
  clearTimeout(timer);
  const environment = valueOr(settings, () => savedEnvironment(connection.api.url) ?? {});
  return {
    environment,
    client: valueOr(visitor, () => clientFromCookie(connection.cookies.token)),
    degraded: settings.status === "rejected" || visitor.status === "rejected",
  };
}

/** Goes on asking a server that was out of order at the start, until it answers or nobody wants to know any more. */
export function recover(
  connection: Connection,
  client: Client,
  asksByChange: boolean,
  isWanted: () => boolean,
): Promise<FirstLoad> {
  return persistently(
    async () => {
      const environment = await fetchEnvironment(connection, asksByChange);
      return { environment, client: await client.fetch(), degraded: false };
    },
    (error) => isWanted() && isPassing(error),
    () => ({
      tries: Number.POSITIVE_INFINITY,
      delay: (failures) => Math.min(1000 * 2 ** failures, 30_000),
    }),
  );
}

/** What was fetched, or else what is remembered; a refusal is for good, and no memory helps against it. */
function valueOr<T>(result: PromiseSettledResult<T>, remembered: () => T): T {
  if (result.status === "fulfilled") {
    return result.value;
  }
  if (!isPassing(result.reason)) {
    throw result.reason;
  }
  return remembered();
}

async function fetchEnvironment(
  { api }: Connection,
  asksByChange: boolean,
  signal?: AbortSignal,
): Promise<EnvironmentJson> {
  const method = asksByChange ? "PATCH" : "GET";
  const json = await api.request<EnvironmentJson | null>({ method, path: "/environment", signal });
  if (json === null) {
    throw new ClerkRuntimeError(`The identity server at ${api.url} has no settings for this page.`, {
      code: "environment_missing",
    });
  }
  saveEnvironment(api.url, json);
  return json;
}
