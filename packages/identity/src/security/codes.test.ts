import { describe } from "vitest";
import { proveThreats } from "./prove_threats.ts";
import { CODES } from "./threats/codes.ts";

describe("codes and tickets prove something once, to one browser:", () => proveThreats(CODES));
