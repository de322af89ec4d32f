import { describe } from "vitest";
import { proveThreats } from "./prove_threats.ts";
import { REDIRECTS } from "./threats/redirects.ts";

describe("nobody is sent where they should not be:", () => proveThreats(REDIRECTS));
