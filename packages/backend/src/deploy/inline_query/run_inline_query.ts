import type { Engine } from "@tandem/engine";
import { ApiError } from "@tandem/protocol";
import type { Lanes, ModuleSource, QueryOutcome } from "@tandem/runtime";
import type { Seams } from "../../seams.ts";
import type { Evaluation, ImportPhase } from "../evaluation.ts";
import type { LivePair } from "../live_functions.ts";
import { readModules } from "../module_store.ts";
import type { StoredVersion } from "../stored_version.ts";
import { WRAPPERS_PATH, wrappersScript } from "./wrappers.ts";

/** A query that came with its call. */
export interface InlineQuery {
  /** One module, whose default export is the query. */
  readonly source: string;
  /** JSON text of the arguments object. */
  readonly args: string;
  readonly requestId: string;
}

export interface InlineQueryParts {
  readonly engine: Engine;
  readonly lanes: Lanes;
  readonly evaluation: Evaluation;
  readonly seams: Seams;
  readonly live: LivePair;
  /** Its functions can be called from the query. */
  readonly version: StoredVersion | null;
  readonly phase: ImportPhase;
}

const PATH = "_system/repl/query.js";

/** Runs a query that is no part of any push, once, at the newest state. Throws `ApiError` when it is no query. */
export async function runInlineQuery(query: InlineQuery, parts: InlineQueryParts): Promise<QueryOutcome> {
  const { engine, lanes, evaluation, seams, live, version, phase } = parts;
  const own: ModuleSource[] = [
    { path: PATH, source: query.source },
    { path: WRAPPERS_PATH, source: await wrappersScript() },
  ];
  const evaluated = await evaluation.modules(own, phase);
  const main = evaluated.find(({ path }) => path === PATH)?.functions.find(({ name }) => name === "default");
  if (main?.kind !== "query") {
    throw new ApiError(
      "BadRequest",
      "InvalidModules",
      "The module exports no query by default: write `export default query({ handler: async (ctx) => … })`.",
    );
  }
  const id = `inline:${Buffer.from(seams.random.bytes(16)).toString("hex")}`;
  const modules = version === null ? [] : await readModules(engine.snapshot(), version.modules);
  await lanes.load({
    id,
    modules: [...modules, ...own],
    analysis: [
      ...(version?.functions ?? []),
      ...evaluated.map(({ path, functions }) => ({ path, functions })),
    ],
    importClock: phase.importClock,
    importSeed: phase.importSeed,
  });
  try {
    return await lanes.query({
      version: id,
      environment: live.environment,
      path: `${PATH}:default`,
      args: query.args,
      identity: null,
      requestId: query.requestId,
      internal: true,
      at: engine.durable,
      journal: null,
    });
  } finally {
    lanes.retire(id);
  }
}
