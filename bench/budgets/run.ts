/** `npm run budgets`: sizes, memory and waiting times that a user notices, each with what it may be. */
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { clerkSize } from "./clerk_size.ts";
import { idleMemory } from "./idle_memory.ts";
import { pageSize } from "./page_size.ts";
import { saveToPage } from "./save_to_page.ts";
import { startTimes } from "./start_times.ts";
import { switchUnderLoad } from "./switch_under_load.ts";

/** The most that each may be. */
const WANTED: Readonly<Record<string, number>> = {
  convex_react_gzip_kb: 13,
  clerk_gzip_kb: 20,
  clerk_signin_gzip_kb: 35,
  /** With both halves; the backend alone may be 120. */
  idle_mb: 150,
  idle_after_burst_pct: 15,
  start_empty_ms: 1000,
  start_1gb_ms: 1000,
  save_to_page_ms: 500,
  switch_failed_requests: 0,
};

const only = process.argv[2];
const measured: Record<string, number> = {};
for (const measure of [pageSize, clerkSize, idleMemory, startTimes, saveToPage, switchUnderLoad]) {
  if (only === undefined || measure.name === only) {
    Object.assign(measured, await measure());
  }
}

writeFileSync(
  fileURLToPath(new URL("../results/budgets.json", import.meta.url)),
  `${JSON.stringify({ node: process.version, measured, wanted: WANTED }, null, 2)}\n`,
);
for (const [name, value] of Object.entries(measured)) {
  console.log(`${name} ${Number.isInteger(value) ? value : value.toFixed(1)}`);
}
