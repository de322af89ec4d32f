/**
 * A value now, or later: SQLite and memory answer at once, which keeps the way from a function to the page cache
 * free of event-loop turns; PostgreSQL answers with a promise. Only the lane that awaits knows which.
 */
export type MaybePromise<T> = T | Promise<T>;

/**
 * Continues with `next` in the same turn when `value` is there already.
 *
 * It cannot be called `then`: a module that exports a `then` is taken for a promise by `import()`, which calls it.
 */
export function andThen<T, U>(value: MaybePromise<T>, next: (value: T) => MaybePromise<U>): MaybePromise<U> {
  return value instanceof Promise ? value.then(next) : next(value);
}
