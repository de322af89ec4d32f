import { describe } from "vitest";
import { proveThreats } from "./prove_threats.ts";
import { ORIGINS } from "./threats/origins.ts";

describe("other sites are kept out:", () => proveThreats(ORIGINS));
