import { expect, test } from "vitest";
import { startTarget } from "./target.ts";
import type { Threat } from "./threat.ts";

/**
 * One test for each threat: the server as it is keeps the attacker out, and the very same attempt succeeds once the
 * guards are gone. So none of the attempts can fail for a reason of its own, and no guard can go unnoticed.
 */
export function proveThreats(threats: readonly Threat[]): void {
  for (const threat of threats) {
    test(`an attacker ${threat.name}`, async () => {
      expect(await succeeds(threat, "guarded"), "the attempt succeeded").toBe(false);
      expect(await succeeds(threat, "unguarded"), "the attempt failed without its guards too").toBe(true);
    });
  }
}

async function succeeds(threat: Threat, state: "guarded" | "unguarded"): Promise<boolean> {
  await using target = await startTarget(threat, state);
  return await threat.attempt(target);
}
