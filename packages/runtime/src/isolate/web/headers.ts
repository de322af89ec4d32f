export type HeadersInit = Headers | Iterable<Iterable<string>> | Record<string, string>;

const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

function checkedName(name: unknown): string {
  const text = String(name);
  if (!token.test(text)) throw new TypeError(`"${text}" is not a legal header name.`);
  return text.toLowerCase();
}

function checkedValue(value: unknown): string {
  const text = String(value).replace(/^[\t\n\r ]+|[\t\n\r ]+$/g, "");
  if (/[\0\r\n]/.test(text) || /[^\0-\xff]/.test(text))
    throw new TypeError(`"${text}" is not a legal header value.`);
  return text;
}

/** https://fetch.spec.whatwg.org/#headers-class, without guards: nothing here is a browser. */
export class Headers implements Iterable<[string, string]> {
  readonly #values = new Map<string, string[]>();

  constructor(init?: HeadersInit) {
    if (init === undefined) return;
    if (typeof init !== "object" || init === null)
      throw new TypeError("Headers are made from an object or from pairs.");
    if (Symbol.iterator in init) {
      for (const pair of init) {
        const [name, value, ...rest] = [...(pair as Iterable<string>)];
        if (value === undefined || rest.length > 0)
          throw new TypeError("Each header must be a pair of name and value.");
        this.append(name!, value);
      }
    } else for (const [name, value] of Object.entries(init)) this.append(name, value);
  }

  append(name: string, value: string): void {
    const key = checkedName(name);
    const checked = checkedValue(value);
    const values = this.#values.get(key);
    if (values === undefined) this.#values.set(key, [checked]);
    else values.push(checked);
  }
  set(name: string, value: string): void {
    this.#values.set(checkedName(name), [checkedValue(value)]);
  }
  delete(name: string): void {
    this.#values.delete(checkedName(name));
  }
  has(name: string): boolean {
    return this.#values.has(checkedName(name));
  }
  get(name: string): string | null {
    return this.#values.get(checkedName(name))?.join(", ") ?? null;
  }
  getSetCookie(): string[] {
    return [...(this.#values.get("set-cookie") ?? [])];
  }
  forEach(callback: (value: string, name: string, headers: Headers) => void, self?: unknown): void {
    for (const [name, value] of this) callback.call(self, value, name, this);
  }

  /** Sorted by name; each `set-cookie` by itself. */
  *entries(): IterableIterator<[string, string]> {
    for (const name of [...this.#values.keys()].sort()) {
      const values = this.#values.get(name)!;
      if (name === "set-cookie") for (const value of values) yield [name, value];
      else yield [name, values.join(", ")];
    }
  }
  *keys(): IterableIterator<string> {
    for (const [name] of this.entries()) yield name;
  }
  *values(): IterableIterator<string> {
    for (const [, value] of this.entries()) yield value;
  }
  [Symbol.iterator](): IterableIterator<[string, string]> {
    return this.entries();
  }
  get [Symbol.toStringTag](): string {
    return "Headers";
  }
}
