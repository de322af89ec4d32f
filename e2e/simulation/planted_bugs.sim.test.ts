import { isLong, type PlantedBug, plantBug, printFigures } from "@tandem/engine/simulation";
import { describe, expect, test } from "vitest";
import { simulateBackend } from "./backend_simulation.ts";
import { checkLiveQueries } from "./live_query_case.ts";
import type { Parts } from "./server.ts";

const ENTRY = new URL("./parts.ts", import.meta.url);
const packages = (path: string) => new URL(`../../packages/${path}`, import.meta.url);

interface BackendBug extends PlantedBug {
  /** Which of the checks has to find it. */
  readonly by: "live queries" | "backend";
  /** What it says then. */
  readonly says: RegExp;
}

const BUGS: readonly BackendBug[] = [
  {
    name: "a result that went stale while it was handed out is held as current",
    file: packages("backend/src/sync/query_set.ts"),
    find: "if (entry.staleFrom !== null) {",
    replace: "if (entry.staleFrom === -1) {",
    by: "live queries",
    says: /a fresh run|do not catch up/,
  },
  {
    name: "results that have been dropped from the cache are held as current",
    file: packages("backend/src/live/live_queries.ts"),
    find: "entry.staleFrom ??= entry.result.at + 1;",
    replace: "",
    by: "live queries",
    says: /a fresh run|do not catch up/,
  },
  {
    name: "stale results are handed to new readers",
    file: packages("backend/src/live/live_result.ts"),
    find: "return this.result.at <= at && (this.staleFrom === null || at < this.staleFrom);",
    replace: "return this.result.at <= at;",
    by: "live queries",
    says: /a fresh run|do not catch up/,
  },
  {
    name: "one user's results are handed to others",
    file: packages("backend/src/live/live_queries.ts"),
    find: "state.usesIdentity = run.usedIdentity;",
    replace: "run = { ...run, usedIdentity: false };\n    state.usesIdentity = run.usedIdentity;",
    by: "live queries",
    says: /a fresh run|do not catch up/,
  },
  {
    name: "queries do not run again for who has signed in",
    file: packages("backend/src/sync/session.ts"),
    find: "this.#queries.markAllDirty();",
    replace: "",
    by: "live queries",
    says: /a fresh run|do not catch up/,
  },
  {
    name: "mutations that are sent again run again",
    file: packages("backend/src/sync/session.ts"),
    find: "const once = this.#sessionId === null ? null : { sessionId: this.#sessionId, requestId };",
    replace: "const once = null as null | { sessionId: string; requestId: number };",
    by: "backend",
    says: /applied 2 times/,
  },
  {
    name: "the server acknowledges before the disk has it",
    file: packages("engine/src/log/committer.ts"),
    find: "appending = this.#parts.persistence.append(this.#durable, commits);",
    replace:
      "void this.#parts.persistence.append(this.#durable, commits).catch(() => {});\n      appending = Promise.resolve({ appended: true });",
    by: "backend",
    says: /applied 0 times|a fresh run|A client has seen|converge/,
  },
  {
    name: "the client takes a mutation for done before its queries show it",
    file: packages("convex/src/browser/sync/requests.ts"),
    find: "status.timestamp > timestamp) continue;",
    replace: "false) continue;",
    by: "backend",
    says: /does not show its own message/,
  },
  {
    name: "the client does not send unanswered mutations again",
    file: packages("convex/src/browser/sync/requests.ts"),
    find: "this.#olderThanRestart.add(requestId);\n      messages.push(message);",
    replace:
      'this.#olderThanRestart.add(requestId);\n      if (message.type === "Action") messages.push(message);',
    by: "backend",
    says: /do not converge/,
  },
];

const CASES = 2000;

describe("the simulation finds every bug that is planted in the backend and the client", () => {
  const found: Record<string, number> = {};
  test.each(BUGS.map((bug) => [bug.name, bug] as const))(
    "%s",
    async (_, bug) => {
      const parts = await plantBug<Parts>(bug, ENTRY);
      const run = bug.by === "backend" ? simulateBackend : checkLiveQueries;
      let seen = "nothing";
      for (let seed = 1; seed <= CASES; seed++) {
        const error = await run(seed, parts).then(
          () => null,
          (failure: unknown) => failure,
        );
        if (error === null) continue;
        seen = String(error);
        if (!bug.says.test(seen)) continue;
        found[bug.name] = seed;
        return;
      }
      expect.fail(`Not found within ${CASES} seeds; seen: ${seen}.`);
    },
    120_000,
  );
  test("and says by which seed", () => {
    expect(Object.keys(found)).toHaveLength(BUGS.length);
    if (isLong) printFigures("Planted bugs, found by seed", found);
  });
});
