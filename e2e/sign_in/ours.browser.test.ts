import { describe } from "vitest";
import { OURS } from "./combinations.ts";
import { signInSuite } from "./suite.ts";

describe("sign-in with our convex and our clerk-react", () =>
  signInSuite({ convex: "@tandem/convex", ...OURS }));
