import { describe } from "vitest";
import { proveThreats } from "./prove_threats.ts";
import { OWN_ACCOUNT } from "./threats/own_account.ts";

describe("an account is its owner's:", () => proveThreats(OWN_ACCOUNT));
