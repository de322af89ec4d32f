import type { MaybePromise, Transaction } from "@tandem/engine";
import type { JSONValue } from "@tandem/values";
import type { FunctionKind, Identity } from "../lanes/lane.ts";
import type { Cursors } from "./cursor.ts";
import type { OpenQueries } from "./query_stream.ts";

/** What one top-level call and all calls nested in it have in common. */
export interface CallTree {
  readonly identity: Identity;
  readonly requestId: string;
  readonly cursors: Cursors;
  readonly deployment: { readonly name: string };
  usedIdentity: boolean;
  /** The end cursor of the page that was read, to be fed back when the query runs again (P §4.7). */
  journal: string | null;
  readonly previousJournal: string | null;
  hasPaginated: boolean;
}

/** What one running function may ask for. A nested call has its own, over the same transaction. */
export interface CallScope {
  readonly tree: CallTree;
  readonly kind: FunctionKind;
  /** `dir/mod:fn` */
  readonly name: string;
  readonly depth: number;
  readonly tx: Transaction;
  readonly queries: OpenQueries;
  /** Runs another function inside this one; always answers later. */
  runNested(request: NestedRequest): Promise<string>;
}

export interface NestedRequest {
  readonly kind: "query" | "mutation" | "snapshotQuery";
  readonly path: string;
  /** JSON text of the arguments object. */
  readonly args: string;
  readonly limits: { readonly [name: string]: number };
}

/** Answers JSON text. Throws {@link SyscallError} or the database's own errors. */
export type SyncSyscall = (scope: CallScope, args: SyscallArgs) => string;
export type AsyncSyscall = (scope: CallScope, args: SyscallArgs) => MaybePromise<string>;

export type SyscallArgs = { readonly [name: string]: JSONValue | undefined };
