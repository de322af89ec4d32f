import type { GenericId } from "@tandem/values";
import type { TableNamesInDataModel } from "./data_model.ts";
import type { SystemIndexes } from "./system_fields.ts";

/** What becomes of a scheduled function (R §3.6). */
type ScheduledState =
  | { kind: "pending" }
  | { kind: "inProgress" }
  | { kind: "success" }
  | { kind: "failed"; error: string }
  | { kind: "canceled" };

type SystemTable<Document, FieldPaths extends string> = {
  document: Document;
  fieldPaths: FieldPaths | "_id" | "_creationTime";
  indexes: SystemIndexes;
  // biome-ignore lint/complexity/noBannedTypes: no index has a name, and `{}` is the map with no names.
  searchIndexes: {};
  // biome-ignore lint/complexity/noBannedTypes: as above.
  vectorIndexes: {};
};

/** The system tables that apps may read, through `ctx.db.system` (R §3.11). */
export type SystemDataModel = {
  _scheduled_functions: SystemTable<
    {
      _id: GenericId<"_scheduled_functions">;
      _creationTime: number;
      /** Milliseconds since 1970. */
      completedTime?: number;
      name: string;
      // biome-ignore lint/suspicious/noExplicitAny: the arguments of any function.
      args: any[];
      /** Milliseconds since 1970. */
      scheduledTime: number;
      state: ScheduledState;
    },
    "name" | "args" | "scheduledTime" | "completedTime" | "state" | "state.kind" | "state.error"
  >;
  _storage: SystemTable<
    {
      _id: GenericId<"_storage">;
      _creationTime: number;
      contentType?: string;
      sha256: string;
      /** Bytes. */
      size: number;
    },
    "sha256" | "size" | "contentType"
  >;
};

/** The names of the system tables that apps may read. */
export type SystemTableNames = TableNamesInDataModel<SystemDataModel>;
