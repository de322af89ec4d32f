import { describe } from "vitest";
import { GENUINE } from "./combinations.ts";
import { signInSuite } from "./suite.ts";

describe("sign-in with the genuine convex and @clerk/clerk-react", () =>
  signInSuite({ convex: "convex-genuine", ...GENUINE }));
