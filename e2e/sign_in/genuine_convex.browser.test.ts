import { describe } from "vitest";
import { OURS } from "./combinations.ts";
import { signInSuite } from "./suite.ts";

describe("sign-in with the genuine convex and our clerk-react", () =>
  signInSuite({ convex: "convex-genuine", ...OURS }));
