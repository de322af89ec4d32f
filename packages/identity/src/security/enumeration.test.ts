import { describe } from "vitest";
import { proveThreats } from "./prove_threats.ts";
import { ENUMERATION } from "./threats/enumeration.ts";

describe("who has an account is not told:", () => proveThreats(ENUMERATION));
