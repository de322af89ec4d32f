import { describe } from "vitest";
import { proveThreats } from "./prove_threats.ts";
import { SESSIONS } from "./threats/sessions.ts";

describe("a session is its owner's, and over when it is over:", () => proveThreats(SESSIONS));
