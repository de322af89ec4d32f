import { describe } from "vitest";
import { proveThreats } from "./prove_threats.ts";
import { COOKIES } from "./threats/cookies.ts";

describe("cookies are of use to their browser alone:", () => proveThreats(COOKIES));
