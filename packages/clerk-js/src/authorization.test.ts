import { describe, expect, test } from "vitest";
import { type AuthorizationFacts, isAuthorized } from "./authorization.ts";

const facts: AuthorizationFacts = {
  userId: "user_1",
  orgId: "org_1",
  orgRole: "org:admin",
  orgPermissions: ["org:billing:manage"],
  factorVerificationAge: [5, -1],
  features: "o:dashboard,uo:export",
  plans: "u:free,o:pro",
};

describe("authorisation", () => {
  test("nothing asked, or nobody there, is a no", () => {
    expect(isAuthorized(facts, {})).toBe(false);
    expect(isAuthorized({ ...facts, userId: null }, { role: "org:admin" })).toBe(false);
  });

  test("roles and permissions are those of the active organisation, with or without their prefix", () => {
    expect(isAuthorized(facts, { role: "admin" })).toBe(true);
    expect(isAuthorized(facts, { role: "org:member" })).toBe(false);
    expect(isAuthorized(facts, { permission: "billing:manage" })).toBe(true);
    expect(isAuthorized({ ...facts, orgId: null }, { role: "admin" })).toBe(false);
  });

  test("everything that is asked has to hold", () => {
    expect(isAuthorized(facts, { role: "admin", permission: "org:billing:manage" })).toBe(true);
    expect(isAuthorized(facts, { role: "admin", permission: "org:other:manage" })).toBe(false);
  });

  test("features and plans are looked up by their scope", () => {
    expect(isAuthorized(facts, { feature: "dashboard" })).toBe(true);
    expect(isAuthorized(facts, { feature: "user:dashboard" })).toBe(false);
    expect(isAuthorized(facts, { feature: "user:export" })).toBe(true);
    expect(isAuthorized(facts, { plan: "org:pro" })).toBe(true);
    expect(isAuthorized(facts, { plan: "galaxy:pro" })).toBe(false);
    expect(isAuthorized({ ...facts, plans: undefined }, { plan: "pro" })).toBe(false);
  });

  test("a recent sign-in counts for the second factor only where there is none", () => {
    expect(isAuthorized(facts, { reverification: "strict" })).toBe(true);
    expect(isAuthorized({ ...facts, factorVerificationAge: [15, -1] }, { reverification: "strict" })).toBe(
      false,
    );
    const enrolled = { ...facts, factorVerificationAge: [5, 30] as [number, number] };
    expect(isAuthorized(enrolled, { reverification: "strict" })).toBe(false);
    expect(isAuthorized(enrolled, { reverification: "moderate" })).toBe(true);
    expect(isAuthorized(enrolled, { reverification: { level: "first_factor", afterMinutes: 6 } })).toBe(true);
    expect(isAuthorized(enrolled, { reverification: "strict_mfa" })).toBe(false);
    expect(isAuthorized({ ...facts, factorVerificationAge: [-1, -1] }, { reverification: "lax" })).toBe(
      false,
    );
  });
});
