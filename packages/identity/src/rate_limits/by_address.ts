import { digestOf } from "../digest.ts";
import type { Call } from "../http/index.ts";
import type { Parts } from "../parts.ts";
import { networkOf } from "./network.ts";
import type { RateKind } from "./rates.ts";

/**
 * Counts a request by the caller's address (of IPv6 by its network); throws `too_many_requests`. Whoever shows a testing token of the Backend
 * API (F §8.1) is not counted: a suite of tests signs in faster than people.
 */
export async function takeByAddress(
  { rates, store }: Pick<Parts, "rates" | "store">,
  kind: Exclude<RateKind, "backend">,
  { instance, query, ipAddress, now }: Call,
): Promise<void> {
  const token = query.text("__clerk_testing_token");
  if (token !== undefined && token !== "") {
    const known = await store.read().first("testing_tokens", "by_digest", [digestOf(token)]);
    if (known !== null && known.instanceId === instance.id && known.expireAt > now) return;
  }
  rates.take(kind, networkOf(ipAddress ?? ""));
}
