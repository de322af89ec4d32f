import type { FunctionResult } from "./function_result.ts";
import type { StateModification, WireStateVersion, WireTransition } from "./messages.ts";
import { decodeErrorData, decodeTimestamp, decodeValue } from "./wire_values.ts";

/** Where every socket starts: nothing sent, timestamp 0. */
const START: WireStateVersion = { querySet: 0, identity: 0, ts: "AAAAAAAAAAA=" };

/** One query's news in a transition: a result, or `undefined` when the server let go of the query. */
export type RemoteChange = { queryId: number; result: FunctionResult | undefined };

/**
 * What the current socket has confirmed: a chain of versions and the newest
 * result of each query. A new socket starts a new one (P §2.2).
 */
export class RemoteQuerySet {
  #version = START;
  #results = new Map<number, FunctionResult>();

  /** The newest timestamp that this socket's results are consistent at. */
  get timestamp(): bigint {
    return decodeTimestamp(this.#version.ts);
  }

  result(queryId: number): FunctionResult | undefined {
    return this.#results.get(queryId);
  }

  /**
   * Takes in a transition and says what it changed.
   *
   * @throws Error when it does not begin where the last one ended (P §1.4).
   */
  apply({ startVersion, endVersion, modifications }: WireTransition): RemoteChange[] {
    const at = this.#version;
    if (
      startVersion.querySet !== at.querySet ||
      startVersion.identity !== at.identity ||
      startVersion.ts !== at.ts
    ) {
      throw new Error(
        `Invalid start version: ${JSON.stringify(startVersion)}, but this client is at ${JSON.stringify(at)}`,
      );
    }
    this.#version = endVersion;
    return modifications.map((modification) => {
      const { queryId } = modification;
      const result = resultOf(modification);
      if (result === undefined) this.#results.delete(queryId);
      else this.#results.set(queryId, result);
      return { queryId, result };
    });
  }
}

function resultOf(modification: StateModification): FunctionResult | undefined {
  switch (modification.type) {
    case "QueryRemoved":
      return undefined;
    case "QueryUpdated":
      return {
        success: true,
        value: decodeValue(modification.value ?? null),
        logLines: modification.logLines,
      };
    case "QueryFailed": {
      const { errorMessage, errorData, logLines } = modification;
      return { success: false, errorMessage, errorData: decodeErrorData(errorData), logLines };
    }
    default:
      return modification satisfies never;
  }
}
