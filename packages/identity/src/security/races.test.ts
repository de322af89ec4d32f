import { describe } from "vitest";
import { proveThreats } from "./prove_threats.ts";
import { RACES } from "./threats/races.ts";

describe("nobody wins by being two at once:", () => proveThreats(RACES));
