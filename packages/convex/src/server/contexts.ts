import type { GenericId } from "@tandem/values";
import type { Auth, MutationAuth } from "./authentication.ts";
import type {
  GenericDataModel,
  NamedTableInfo,
  TableNamesInDataModel,
  VectorIndexNames,
} from "./data_model.ts";
import type {
  GenericDatabaseReader,
  GenericDatabaseReaderWithTable,
  GenericDatabaseWriter,
  GenericDatabaseWriterWithTable,
} from "./database.ts";
import type {
  ArgsAndOptions,
  FunctionReference,
  FunctionReference_future,
  FunctionReturnType,
  FunctionType,
  OptionalRestArgs,
} from "./function_reference.ts";
import type { ActionMeta, MutationMeta, QueryMeta, TransactionLimits } from "./meta.ts";
import type { Scheduler } from "./scheduler.ts";
import type { StorageActionWriter, StorageReader, StorageWriter } from "./storage.ts";
import type { Expand } from "./type_shapes.ts";
import type { VectorSearchQuery } from "./vector_search.ts";

type Callable<Type extends FunctionType> =
  | FunctionReference<Type, "public" | "internal">
  | FunctionReference_future<Type, "public" | "internal">;

/** How a mutation may run a query. */
export interface AdvancedRunQueryOptions {
  /** Caps for this call alone. */
  transactionLimits?: TransactionLimits;
  /**
   * Runs the query as of the beginning of the mutation, without its own writes; what it reads cannot cause a
   * conflict (R §1.9).
   */
  useStaleSnapshot?: boolean;
}

/** What a query is given. */
export interface GenericQueryCtx<DataModel extends GenericDataModel> {
  db: GenericDatabaseReader<DataModel>;
  auth: Auth;
  storage: StorageReader;
  /** Runs another query in the same snapshot. A plain function call is cheaper when it need not be a query. */
  runQuery: <Query extends Callable<"query">>(
    query: Query,
    ...args: ArgsAndOptions<Query, { transactionLimits?: TransactionLimits }>
  ) => Promise<FunctionReturnType<Query>>;
  meta: QueryMeta;
}

/** As {@link GenericQueryCtx}, with the database a table at a time. */
export type GenericQueryCtxWithTable<DataModel extends GenericDataModel> = Omit<
  GenericQueryCtx<DataModel>,
  "db"
> & { db: GenericDatabaseReaderWithTable<DataModel> };

/** What a mutation is given. */
export interface GenericMutationCtx<DataModel extends GenericDataModel> {
  db: GenericDatabaseWriter<DataModel>;
  auth: MutationAuth;
  storage: StorageWriter;
  scheduler: Scheduler;
  /** Runs a query in this transaction. */
  runQuery: <Query extends Callable<"query">>(
    query: Query,
    ...args: ArgsAndOptions<Query, AdvancedRunQueryOptions>
  ) => Promise<FunctionReturnType<Query>>;
  /** Runs a mutation within this transaction; when it throws, its own writes are undone (R §1.9). */
  runMutation: <Mutation extends Callable<"mutation">>(
    mutation: Mutation,
    ...args: ArgsAndOptions<Mutation, { transactionLimits?: TransactionLimits }>
  ) => Promise<FunctionReturnType<Mutation>>;
  meta: MutationMeta;
}

/** As {@link GenericMutationCtx}, with the database a table at a time. */
export type GenericMutationCtxWithTable<DataModel extends GenericDataModel> = Omit<
  GenericMutationCtx<DataModel>,
  "db"
> & { db: GenericDatabaseWriterWithTable<DataModel> };

/** What an action or an HTTP action is given. Each function that it runs is a transaction of its own. */
export interface GenericActionCtx<DataModel extends GenericDataModel> {
  runQuery<Query extends Callable<"query">>(
    query: Query,
    ...args: OptionalRestArgs<Query>
  ): Promise<FunctionReturnType<Query>>;
  runMutation<Mutation extends Callable<"mutation">>(
    mutation: Mutation,
    ...args: OptionalRestArgs<Mutation>
  ): Promise<FunctionReturnType<Mutation>>;
  /** Runs another action. Of use to cross between runtimes; otherwise call a plain function. */
  runAction<Action extends Callable<"action">>(
    action: Action,
    ...args: OptionalRestArgs<Action>
  ): Promise<FunctionReturnType<Action>>;
  scheduler: Scheduler;
  auth: Auth;
  storage: StorageActionWriter;
  /** The documents whose vectors are nearest to one (R §3.10). */
  vectorSearch<
    TableName extends TableNamesInDataModel<DataModel>,
    IndexName extends VectorIndexNames<NamedTableInfo<DataModel, TableName>>,
  >(
    tableName: TableName,
    indexName: IndexName,
    query: Expand<VectorSearchQuery<NamedTableInfo<DataModel, TableName>, IndexName>>,
  ): Promise<Array<{ _id: GenericId<TableName>; _score: number }>>;
  meta: ActionMeta;
}
