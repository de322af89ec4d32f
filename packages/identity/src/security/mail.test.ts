import { describe } from "vitest";
import { proveThreats } from "./prove_threats.ts";
import { MAIL } from "./threats/mail.ts";

describe("mail reaches its reader and nobody else:", () => proveThreats(MAIL));
