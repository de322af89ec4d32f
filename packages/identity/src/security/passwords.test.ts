import { describe } from "vitest";
import { proveThreats } from "./prove_threats.ts";
import { PASSWORDS } from "./threats/passwords.ts";

describe("passwords are not guessed, and not gone around:", () => proveThreats(PASSWORDS));
