import { describe } from "vitest";
import { proveThreats } from "./prove_threats.ts";
import { INPUTS } from "./threats/inputs.ts";

describe("no input breaks the server:", () => proveThreats(INPUTS));
