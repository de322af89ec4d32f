import type {
  FunctionArgs,
  FunctionReference,
  FunctionReference_future,
} from "../server/function_reference.ts";

/** A query and its arguments, as one object. */
export type QueryOptions<Query extends FunctionReference<"query"> | FunctionReference_future<"query">> = {
  query: Query;
  args: FunctionArgs<Query>;
};
