import { describe } from "vitest";
import { GENUINE } from "./combinations.ts";
import { signInSuite } from "./suite.ts";

describe("sign-in with our convex and the genuine @clerk/clerk-react", () =>
  signInSuite({ convex: "@tandem/convex", ...GENUINE }));
