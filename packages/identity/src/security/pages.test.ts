import { describe } from "vitest";
import { proveThreats } from "./prove_threats.ts";
import { PAGES } from "./threats/pages.ts";

describe("pages show and run what is ours:", () => proveThreats(PAGES));
