import { rmSync } from "node:fs";
import { afterAll, describe } from "vitest";
import { proveThreats } from "./prove_threats.ts";
import { FILES, PAGES } from "./threats/pages.ts";

describe("pages show and run what is ours:", () => {
  afterAll(() => rmSync(FILES.project, { recursive: true }));
  proveThreats(PAGES);
});
