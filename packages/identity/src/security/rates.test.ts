import { describe } from "vitest";
import { proveThreats } from "./prove_threats.ts";
import { RATES } from "./threats/rates.ts";

describe("nobody is faster than the limits:", () => proveThreats(RATES));
