import { describe } from "vitest";
import { GENUINE_NEWER } from "./combinations.ts";
import { signInSuite } from "./suite.ts";

describe("sign-in with the genuine convex and @clerk/react", () =>
  signInSuite({ convex: "convex-genuine", ...GENUINE_NEWER }));
