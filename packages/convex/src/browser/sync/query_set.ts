import type { Value } from "@tandem/values";
import { canonicalFunctionPath, type QueryToken, queryToken } from "./function_path.ts";
import type {
  AddQuery,
  Authenticate,
  Credentials,
  ModifyQuerySet,
  QueryJournal,
  RemoveQuery,
  WireTransition,
} from "./messages.ts";
import { encodeValue } from "./wire_values.ts";

/** A query that somebody on this page is subscribed to. */
export type LocalQuery = {
  id: number;
  token: QueryToken;
  udfPath: string;
  args: Record<string, Value>;
  componentPath: string | undefined;
  journal: QueryJournal | undefined;
  subscribers: number;
};

/**
 * What this client wants of the server: its live queries and its identity, with
 * the versions under which the current socket knows them (P §2.2, §2.3).
 *
 * While paused, wishes are collected and versions stand still, since nothing is sent.
 */
export class QuerySet {
  #queries = new Map<QueryToken, LocalQuery>();
  #byId = new Map<number, LocalQuery>();
  #nextQueryId = 0;
  #querySetVersion = 0;
  #identityVersion = 0;
  #credentials: Credentials | undefined;
  // Whether the server takes this socket to be somebody's.
  #identified = false;
  #paused = false;
  #heldBack = new Map<number, AddQuery | RemoveQuery>();
  // What was sent again on the current socket and is not confirmed yet: the back-off restarts
  // from its base only after all of it has been.
  #unconfirmedQueries = new Set<number>();
  #unconfirmedIdentity = false;

  /** The credentials that the next socket will begin with. */
  get credentials(): Credentials | undefined {
    return this.#credentials;
  }

  /** The identity version that the last `Authenticate` on this socket leads to. */
  get identityVersion(): number {
    return this.#identityVersion;
  }

  /** Whether the server has answered everything that this socket began with. */
  get confirmedSinceRestart(): boolean {
    return this.#unconfirmedQueries.size === 0 && !this.#unconfirmedIdentity;
  }

  get(token: QueryToken): LocalQuery | undefined {
    return this.#queries.get(token);
  }

  /** The live query with this id, or undefined when nobody wants it any more. */
  byId(queryId: number): LocalQuery | undefined {
    return this.#byId.get(queryId);
  }

  /** Adds a subscriber. `message` is what to send: only the first subscriber of a query needs one. */
  subscribe(
    path: string,
    args: Record<string, Value>,
    journal?: QueryJournal,
    componentPath?: string,
  ): { query: LocalQuery; message: ModifyQuerySet | undefined } {
    const udfPath = canonicalFunctionPath(path);
    const token = queryToken(udfPath, args);
    const existing = this.#queries.get(token);
    if (existing !== undefined) {
      existing.subscribers++;
      return { query: existing, message: undefined };
    }
    const query = { id: this.#nextQueryId++, token, udfPath, args, componentPath, journal, subscribers: 1 };
    this.#queries.set(token, query);
    this.#byId.set(query.id, query);
    return { query, message: this.#modify(addQuery(query)) };
  }

  /** Takes a subscriber away; `message` is what to send when it was the last one. */
  unsubscribe(query: LocalQuery): ModifyQuerySet | undefined {
    query.subscribers--;
    if (query.subscribers > 0) return undefined;
    this.#queries.delete(query.token);
    this.#byId.delete(query.id);
    this.#unconfirmedQueries.delete(query.id);
    return this.#modify({ type: "Remove", queryId: query.id });
  }

  #modify(modification: AddQuery | RemoveQuery): ModifyQuerySet | undefined {
    if (!this.#paused) return this.#nextModifyQuerySet([modification]);
    // An Add that was never sent and its Remove cancel each other out.
    if (modification.type === "Remove" && this.#heldBack.delete(modification.queryId)) return undefined;
    this.#heldBack.set(modification.queryId, modification);
    return undefined;
  }

  #nextModifyQuerySet(modifications: (AddQuery | RemoveQuery)[]): ModifyQuerySet {
    const baseVersion = this.#querySetVersion;
    this.#querySetVersion = baseVersion + 1;
    return { type: "ModifyQuerySet", baseVersion, newVersion: baseVersion + 1, modifications };
  }

  /** Takes on `credentials`, or none; the message does nothing when the socket is paused. */
  authenticate(credentials: Credentials | undefined): Authenticate {
    this.#credentials = credentials;
    const baseVersion = this.#identityVersion;
    if (!this.#paused) {
      this.#identityVersion++;
      this.#identified = credentials !== undefined;
    }
    return { type: "Authenticate", baseVersion, ...(credentials ?? { tokenType: "None" }) };
  }

  /** Forgets the credentials without telling the server, because the socket is stopped or about to close. */
  forgetCredentials(): void {
    this.#credentials = undefined;
  }

  /** Takes over journals and notes what has been confirmed. */
  applyTransition({ endVersion, modifications }: WireTransition): void {
    for (const modification of modifications) {
      this.#unconfirmedQueries.delete(modification.queryId);
      if (modification.type === "QueryRemoved") continue;
      const query = this.byId(modification.queryId);
      if (query !== undefined && modification.journal !== undefined) query.journal = modification.journal;
    }
    if (endVersion.identity >= this.#identityVersion) this.#unconfirmedIdentity = false;
  }

  /** Begins a new socket: what to send after `Connect`, in order (P §1.7). Ends a pause. */
  restart(): [...Authenticate[], ModifyQuerySet] {
    this.#paused = false;
    this.#heldBack.clear();
    this.#querySetVersion = 0;
    this.#identityVersion = 0;
    this.#identified = false;
    this.#unconfirmedQueries = new Set(this.#byId.keys());
    this.#unconfirmedIdentity = this.#credentials !== undefined;
    const modifyQuerySet = this.#nextModifyQuerySet([...this.#queries.values()].map(addQuery));
    return this.#credentials === undefined
      ? [modifyQuerySet]
      : [this.authenticate(this.#credentials), modifyQuerySet];
  }

  pause(): void {
    this.#paused = true;
  }

  /** Ends a pause on a socket that stayed open: what to send, in order (P §2.3). */
  resume(): (Authenticate | ModifyQuerySet)[] {
    this.#paused = false;
    const messages: (Authenticate | ModifyQuerySet)[] = [];
    // Somebody who signed out during the pause must not stay signed in on the server.
    if (this.#credentials !== undefined || this.#identified) {
      messages.push(this.authenticate(this.#credentials));
    }
    if (this.#heldBack.size > 0) messages.push(this.#nextModifyQuerySet([...this.#heldBack.values()]));
    this.#heldBack.clear();
    return messages;
  }
}

function addQuery(query: LocalQuery): AddQuery {
  return {
    type: "Add",
    queryId: query.id,
    udfPath: query.udfPath,
    args: [encodeValue(query.args)],
    journal: query.journal,
    componentPath: query.componentPath,
  };
}
