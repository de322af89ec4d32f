import type { ConvexClient } from "@tandem/convex/browser";
import type { FunctionArgs, FunctionReference, FunctionReturnType } from "@tandem/convex/server";

/** How long a test waits for a result before it fails, in milliseconds. */
const PATIENCE = 20_000;

/** A live query with all that it has come to so far. */
export interface Watch<T> {
  readonly results: readonly T[];
  readonly errors: readonly Error[];
  /** The first result, past or coming, that is as wanted. */
  until(wanted: (result: T) => boolean): Promise<T>;
  /** The first error, past or coming. */
  error(): Promise<Error>;
  stop(): void;
}

/** Subscribes to a query. */
export function watch<Query extends FunctionReference<"query">>(
  client: ConvexClient,
  query: Query,
  args: FunctionArgs<Query>,
): Watch<FunctionReturnType<Query>> {
  const results: FunctionReturnType<Query>[] = [];
  const errors: Error[] = [];
  const waiting = new Set<() => void>();
  const wake = () => {
    for (const check of [...waiting]) {
      check();
    }
  };
  const stop = client.onUpdate(
    query,
    args,
    (result) => {
      results.push(result);
      wake();
    },
    (error) => {
      errors.push(error);
      wake();
    },
  );
  const wait = <R>(find: () => R | undefined, described: () => string): Promise<R> =>
    new Promise((resolve, reject) => {
      const done = () => {
        clearTimeout(timer);
        waiting.delete(check);
      };
      const check = () => {
        const found = find();
        if (found !== undefined) {
          done();
          resolve(found);
        }
      };
      const timer = setTimeout(() => {
        done();
        reject(new Error(described()));
      }, PATIENCE);
      waiting.add(check);
      check();
    });
  const shown = () =>
    `results: ${JSON.stringify(results.slice(-3))}, errors: ${errors.slice(-3).join(" / ")}`;
  return {
    results,
    errors,
    until: async (wanted) => {
      const { result } = await wait(
        () => {
          const index = results.findIndex(wanted);
          return index === -1 ? undefined : { result: results[index]! };
        },
        () => `No result was as wanted within ${PATIENCE} ms; ${shown()}`,
      );
      return result;
    },
    error: () =>
      wait(
        () => errors[0],
        () => `No error came within ${PATIENCE} ms; ${shown()}`,
      ),
    stop,
  };
}
