import { type Fault, fault, IdentityError, refuseField } from "../errors/index.ts";
import type { Params } from "./params.ts";

/** Throws `form_param_unknown` for every field that is none of `known`: a misspelt one would else change nothing. */
export function checkFields(body: Params, known: ReadonlySet<string>): void {
  const faults = body.names
    .filter((name) => !known.has(name))
    .map((name) =>
      fault("form_param_unknown", { param_name: name }, `"${name}" is not a parameter for this request.`),
    );
  if (faults.length > 0) throw new IdentityError(faults as [Fault, ...Fault[]]);
}

/** A time of RFC 3339 in milliseconds; null and undefined as they are. Throws `form_param_invalid_time`. */
export function timeField(body: Params, name: string): number | null | undefined {
  const text = body.nullable(name);
  if (text === null || text === undefined) return text;
  const form = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/;
  const time = form.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time)) {
    throw refuseField(
      "form_param_invalid_time",
      name,
      `"${name}" is a time like 2026-01-31T12:00:00Z (RFC 3339).`,
    );
  }
  return time;
}
