import { describe } from "vitest";
import { proveThreats } from "./prove_threats.ts";
import { TOKENS } from "./threats/tokens.ts";

describe("tokens say what the server says, for as long as it says:", () => proveThreats(TOKENS));
