import { plantChanges } from "@tandem/engine/simulation";
import { describe, expect, test } from "vitest";
import { createAuthenticator } from "../index.ts";
import { openTarget, THREATS, type Threat } from "./threats.ts";

const ENTRY = new URL("../index.ts", import.meta.url);

/** The door as it is keeps the attacker out, and the same attempt succeeds once the guards are gone. */
describe("a socket is opened by tokens of those who were asked to give them:", () => {
  for (const threat of THREATS) {
    test(`an attacker ${threat.name}`, async () => {
      expect(await succeeds(threat, createAuthenticator), "the attempt succeeded").toBe(false);
      const unguarded = await plantChanges<{ createAuthenticator: typeof createAuthenticator }>(
        threat.name,
        threat.guards,
        ENTRY,
        { otherPackages: "imported" },
      );
      expect(
        await succeeds(threat, unguarded.createAuthenticator),
        "the attempt failed without its guards too",
      ).toBe(true);
    });
  }
});

async function succeeds(threat: Threat, create: typeof createAuthenticator): Promise<boolean> {
  await using target = await openTarget(threat, create);
  return await threat.attempt(target);
}
