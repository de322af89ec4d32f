import { describe } from "vitest";
import { proveThreats } from "./prove_threats.ts";
import { BACKEND_API } from "./threats/backend_api.ts";

describe("the secret key opens its own instance, and nothing else does:", () => proveThreats(BACKEND_API));
