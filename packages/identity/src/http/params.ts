import { IdentityError, refuse, refuseField } from "../errors/index.ts";
import { readJson } from "./read_json.ts";

/**
 * A request's fields, from a form, JSON or the query, by their names on the wire (F §1.6). A field that is not there
 * is undefined; in forms an empty text may mean null, which each reader of a field decides.
 */
export class Params {
  readonly #fields: ReadonlyMap<string, readonly unknown[]>;
  /** Those that JSON gave as arrays. */
  readonly #lists: ReadonlySet<string>;

  constructor(fields: ReadonlyMap<string, readonly unknown[]>, lists: ReadonlySet<string> = new Set()) {
    this.#fields = fields;
    this.#lists = lists;
  }

  static ofPairs(pairs: Iterable<readonly [string, string]>): Params {
    const fields = new Map<string, unknown[]>();
    for (const [name, value] of pairs) {
      // Some senders mark repeated fields with brackets.
      const key = name.replace(/\[\]$/, "");
      const values = fields.get(key);
      if (values === undefined) fields.set(key, [value]);
      else values.push(value);
    }
    return new Params(fields);
  }

  static ofJson(body: unknown): Params {
    if (body === null || typeof body !== "object" || Array.isArray(body)) {
      throw refuse("request_body_invalid", {}, "The request's body is not a JSON object.");
    }
    const entries = Object.entries(body);
    return new Params(
      new Map(entries.map(([name, value]) => [name, Array.isArray(value) ? value : [value]])),
      new Set(entries.filter(([, value]) => Array.isArray(value)).map(([name]) => name)),
    );
  }

  get names(): string[] {
    return [...this.#fields.keys()];
  }

  has(name: string): boolean {
    return this.#fields.has(name);
  }

  /** As JSON had it; a form's text. Null for JSON's null. */
  raw(name: string): unknown {
    return this.#fields.get(name)?.[0];
  }

  /** A text, trimmed only if asked for. Throws on repeated or other values. */
  text(name: string): string | undefined {
    const values = this.#fields.get(name);
    if (values === undefined || values[0] === null) return undefined;
    if (values.length > 1) throw refuseField("form_param_duplicate", name);
    const [value] = values;
    if (typeof value !== "string") throw refuseField("form_param_type_invalid", name);
    return value;
  }

  /** A text that has to be there and not be empty. Throws `form_param_missing` or `form_param_nil`. */
  required(name: string): string {
    const value = this.text(name);
    if (value === undefined) throw refuseField("form_param_missing", name);
    if (value === "") throw refuseField("form_param_nil", name);
    return value;
  }

  /** A text; null when it is empty or JSON's null. Undefined when the field is not there. */
  nullable(name: string): string | null | undefined {
    if (!this.#fields.has(name)) return undefined;
    const value = this.text(name);
    return value === undefined || value === "" ? null : value;
  }

  /** All fields as JSON had them; repeated ones of a form as an array. */
  json(): Record<string, unknown> {
    return Object.fromEntries(
      [...this.#fields].map(([name, values]) => [
        name,
        values.length === 1 && !this.#lists.has(name) ? values[0] : values,
      ]),
    );
  }

  flag(name: string): boolean | undefined {
    const value = this.raw(name);
    if (value === undefined || value === null || value === "") return undefined;
    if (value === true || value === "true" || value === "1") return true;
    if (value === false || value === "false" || value === "0") return false;
    throw refuseField("form_param_type_invalid", name, `"${name}" is true or false.`);
  }

  /** A whole number from `least` to `most`. */
  integer(name: string, least: number, most: number): number | undefined {
    const value = this.raw(name);
    if (value === undefined || value === null || value === "") return undefined;
    const number = typeof value === "number" ? value : typeof value === "string" ? Number(value) : Number.NaN;
    if (!Number.isInteger(number) || number < least || number > most) {
      throw refuseField(
        "form_param_value_invalid",
        name,
        `"${name}" is a whole number from ${least} to ${most}.`,
      );
    }
    return number;
  }

  list(name: string): string[] {
    const values = this.#fields.get(name) ?? [];
    for (const value of values) {
      if (typeof value !== "string") throw refuseField("form_param_type_invalid", name);
    }
    return values as string[];
  }

  /** An object: JSON's own, or a form's JSON text. */
  object(name: string): Record<string, unknown> | undefined {
    const value = this.raw(name);
    if (value === undefined || value === null || value === "") return undefined;
    const parsed = typeof value === "string" ? parseJson(value, name) : value;
    if (parsed === null || typeof parsed !== "object" || Array.isArray(parsed)) {
      throw refuseField("form_param_type_invalid", name, `"${name}" is a JSON object.`);
    }
    return parsed as Record<string, unknown>;
  }
}

function parseJson(text: string, name: string): unknown {
  try {
    return readJson(text);
  } catch (error) {
    if (error instanceof IdentityError) throw error;
    throw refuseField(
      "form_param_format_invalid",
      name,
      `"${name}" is not JSON: ${(error as Error).message}`,
    );
  }
}
