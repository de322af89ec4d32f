import { camelToSnake } from "./snake_case.ts";

/**
 * The fields of a resource as the wire has them, by their names in camel case.
 *
 * @param defaults - every field there is, with what it is when the server says nothing
 */
export function readFields<T extends object>(json: object | null | undefined, defaults: T): T {
  const sent = (json ?? {}) as Record<string, unknown>;
  return Object.fromEntries(
    Object.entries(defaults).map(([name, value]) => [name, sent[camelToSnake(name)] ?? value]),
  ) as T;
}
