import type { EngineSnapshot, MaybePromise, ReadRange } from "@tandem/engine";
import type {
  GenericValidator,
  JSONValue,
  ObjectType,
  PropertyValidators,
  ValidatorJSON,
} from "@tandem/values";
import { v } from "@tandem/values";
import type { Operation } from "../deploy/admin.ts";
import type { Deployment } from "../deploy/deployment.ts";
import type { EnvironmentStore } from "../environment/index.ts";
import type { Seams } from "../seams.ts";

/** What a system query looks at. Its answer depends on nothing else, so that it is live. */
export interface SystemContext {
  readonly snapshot: EngineSnapshot;
  readonly deployment: Deployment;
  readonly environment: EnvironmentStore;
  readonly urls: { readonly cloud: string; readonly site: string };
  /** Lets others have a turn in long walks. */
  readonly pause: () => Promise<void>;
  /** Adds to what makes the query run again. */
  readonly watch: (range: ReadRange) => void;
}

/** One of the server's own queries. */
export interface SystemQuery {
  /** `_system/cli/tables:default` */
  readonly path: string;
  /** What the admin key has to allow. */
  readonly operation: Operation;
  readonly args: ValidatorJSON;
  /** Answers JSON in Convex encoding. `args` have been checked. */
  run(context: SystemContext, args: never): MaybePromise<JSONValue>;
}

/** Declares a system query with typed arguments. */
export function systemQuery<Args extends PropertyValidators>(query: {
  readonly path: string;
  readonly operation: Operation;
  readonly args: Args;
  readonly run: (context: SystemContext, args: ObjectType<Args>) => MaybePromise<JSONValue>;
}): SystemQuery {
  const { path, operation, args, run } = query;
  return { path, operation, args: (v.object(args) as GenericValidator).json, run };
}

/** For {@link SystemContext.pause}. */
export function pauseWith(timers: Pick<Seams["timers"], "setImmediate">): () => Promise<void> {
  return () => new Promise<void>((resolve) => timers.setImmediate(resolve));
}

/** An error of the caller's, in place of a result. `data` makes it a ConvexError. */
export class SystemQueryError extends Error {
  override readonly name = "SystemQueryError";
  readonly data: JSONValue | undefined;
  constructor(message: string, data?: JSONValue) {
    super(message);
    this.data = data;
  }
}
