import type { Timestamp } from "@tandem/engine";
import type { Caller } from "../auth/caller.ts";
import type { QueryRun } from "../execute/outcome.ts";
import type { LiveQueryKey } from "../live/query_key.ts";

/** The server's own functions, `_system/…`, which tools call with an admin key (R §4.2). */
export interface SystemFunctions {
  /** Is this a path of the server's own, whether or not there is such a function? */
  owns(path: string): boolean;
  /** Runs one at a snapshot, with its reads recorded, so that it is live like any query. */
  query(query: LiveQueryKey, caller: Caller, at: Timestamp, requestId: string): Promise<QueryRun>;
}
