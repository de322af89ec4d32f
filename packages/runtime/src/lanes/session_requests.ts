import { andThen, type LaneNews, type MaybePromise, plainTableId, type Transaction } from "@tandem/engine";
import type { MutationCall } from "./lane.ts";

type Once = NonNullable<MutationCall["once"]>;

const TABLE = "_session_requests";
/** Sessions that are known at a time; each is a number. */
const MOST_SESSIONS = 4096;
/** A session with more rows than this is looked up row by row: reading all of them would take longer. */
const MOST_ROWS = 64;

/**
 * Which requests of a session have been answered before (P §1.6): rows of the database, one for each mutation that
 * a socket sent and that has happened.
 *
 * A request is nearly always a new one, and sessions count theirs upwards. Once the rows of a session have been
 * seen, the greatest number among them says of every greater one, without another look, that there is no row: they
 * are written here alone, and the news tell of the exceptions.
 */
export class SessionRequests {
  /** The greatest number that a row of the session may have. Rows may be fewer, never more. */
  readonly #greatest = new Map<string, number>();
  #generation = 0;

  /** The row that answered the request before, or `null`. */
  earlier(tx: Transaction, once: Once): MaybePromise<string | null> {
    const { sessionId, requestId } = once;
    const greatest = this.#greatest.get(sessionId);
    if (greatest !== undefined) return requestId > greatest ? null : tx.getRow(TABLE, rowId(once));
    const generation = this.#generation;
    // Row ids are the session's, a colon and the number; the semicolon is what comes after the colon.
    const part = { after: `${sessionId}:`, before: `${sessionId};`, limit: MOST_ROWS };
    return andThen(tx.scanRows(TABLE, part), (rows) => {
      if (generation === this.#generation) this.#learn(sessionId, rows);
      if (rows.length === MOST_ROWS) return tx.getRow(TABLE, rowId(once));
      const id = rowId(once);
      return rows.find((row) => row.id === id)?.json ?? null;
    });
  }

  /** Writes the row; `json` is what `earlier` shall answer. It counts as read: that it was not there must hold. */
  answered(tx: Transaction, once: Once, json: string): void {
    tx.putRow(TABLE, rowId(once), json);
    const greatest = this.#greatest.get(once.sessionId);
    if (greatest !== undefined && once.requestId > greatest) {
      this.#greatest.set(once.sessionId, once.requestId);
    }
  }

  /** Others than this lane may have written rows: what was known no longer counts. */
  news(news: LaneNews): void {
    if (news.kind !== "foreign") return;
    const table = plainTableId(TABLE);
    if (!news.writes.documents.some(({ tableId }) => tableId === table)) return;
    this.#generation++;
    this.#greatest.clear();
  }

  #learn(sessionId: string, rows: readonly { readonly id: string }[]): void {
    let greatest = rows.length === MOST_ROWS ? Number.POSITIVE_INFINITY : -1;
    for (const { id } of rows) {
      const requestId = Number(id.slice(sessionId.length + 1));
      if (requestId > greatest) greatest = requestId;
    }
    if (this.#greatest.size >= MOST_SESSIONS) this.#greatest.delete(this.#greatest.keys().next().value!);
    this.#greatest.set(sessionId, greatest);
  }
}

function rowId({ sessionId, requestId }: Once): string {
  return `${sessionId}:${requestId}`;
}
