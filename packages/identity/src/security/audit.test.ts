import { describe } from "vitest";
import { proveThreats } from "./prove_threats.ts";
import { AUDIT } from "./threats/audit.ts";

describe("nothing happens without a trace:", () => proveThreats(AUDIT));
