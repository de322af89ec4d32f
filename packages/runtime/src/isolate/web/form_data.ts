import { Blob, File } from "./blob.ts";
import { concatBytes } from "./bytes.ts";
import { TextDecoder, TextEncoder } from "./encoding.ts";

export type FormDataEntry = string | File;

/** https://xhr.spec.whatwg.org/#interface-formdata */
export class FormData implements Iterable<[string, FormDataEntry]> {
  #entries: [string, FormDataEntry][] = [];

  append(name: string, value: unknown, filename?: string): void {
    this.#entries.push([String(name).toWellFormed(), entryOf(value, filename)]);
  }
  set(name: string, value: unknown, filename?: string): void {
    const entry: [string, FormDataEntry] = [String(name).toWellFormed(), entryOf(value, filename)];
    const at = this.#entries.findIndex(([key]) => key === entry[0]);
    if (at < 0) {
      this.#entries.push(entry);
      return;
    }
    this.#entries = this.#entries.filter(([key], index) => key !== entry[0] || index === at);
    this.#entries[at] = entry;
  }
  delete(name: string): void {
    this.#entries = this.#entries.filter(([key]) => key !== String(name));
  }
  get(name: string): FormDataEntry | null {
    return this.#entries.find(([key]) => key === String(name))?.[1] ?? null;
  }
  getAll(name: string): FormDataEntry[] {
    return this.#entries.filter(([key]) => key === String(name)).map(([, value]) => value);
  }
  has(name: string): boolean {
    return this.#entries.some(([key]) => key === String(name));
  }
  forEach(callback: (value: FormDataEntry, name: string, form: FormData) => void, self?: unknown): void {
    for (const [name, value] of this) callback.call(self, value, name, this);
  }
  *entries(): IterableIterator<[string, FormDataEntry]> {
    for (const [name, value] of this.#entries) yield [name, value];
  }
  *keys(): IterableIterator<string> {
    for (const [name] of this.#entries) yield name;
  }
  *values(): IterableIterator<FormDataEntry> {
    for (const [, value] of this.#entries) yield value;
  }
  [Symbol.iterator](): IterableIterator<[string, FormDataEntry]> {
    return this.entries();
  }
  get [Symbol.toStringTag](): string {
    return "FormData";
  }
}

function entryOf(value: unknown, filename: string | undefined): FormDataEntry {
  if (!(value instanceof Blob)) return String(value).toWellFormed();
  if (value instanceof File && filename === undefined) return value;
  const name = filename ?? (value instanceof File ? value.name : "blob");
  return new File([value], name, { type: value.type });
}

const escapeName = (name: string) => name.replace(/\r?\n|\r/g, "%0D%0A").replace(/"/g, "%22");

/** RFC 7578, as https://html.spec.whatwg.org/#multipart-form-data says it. */
export function encodeMultipart(form: FormData, boundary: string): Uint8Array<ArrayBuffer> {
  const encoder = new TextEncoder();
  const parts: Uint8Array[] = [];
  for (const [name, value] of form) {
    const head = `--${boundary}\r\nContent-Disposition: form-data; name="${escapeName(name)}"`;
    if (typeof value === "string") {
      parts.push(encoder.encode(`${head}\r\n\r\n${value.replace(/\r?\n|\r/g, "\r\n")}\r\n`));
    } else {
      const type = value.type === "" ? "application/octet-stream" : value.type;
      parts.push(
        encoder.encode(`${head}; filename="${escapeName(value.name)}"\r\nContent-Type: ${type}\r\n\r\n`),
      );
      parts.push(Blob.bytesOf(value), encoder.encode("\r\n"));
    }
  }
  parts.push(encoder.encode(`--${boundary}--\r\n`));
  return concatBytes(parts);
}

function find(bytes: Uint8Array, wanted: Uint8Array, from: number): number {
  outer: for (let at = bytes.indexOf(wanted[0]!, from); at >= 0; at = bytes.indexOf(wanted[0]!, at + 1)) {
    for (let offset = 1; offset < wanted.length; offset++) {
      if (bytes[at + offset] !== wanted[offset]) continue outer;
    }
    return at;
  }
  return -1;
}

/** @throws TypeError when the body is not multipart/form-data with this boundary. */
export function decodeMultipart(bytes: Uint8Array, boundary: string): FormData {
  const encoder = new TextEncoder();
  const decoder = new TextDecoder();
  const form = new FormData();
  const broken = () => new TypeError("The body is not well-formed multipart/form-data.");
  const delimiter = encoder.encode(`--${boundary}`);
  const partEnd = encoder.encode(`\r\n--${boundary}`);
  const headEnd = encoder.encode("\r\n\r\n");
  let at = find(bytes, delimiter, 0);
  if (at < 0) throw broken();
  at += delimiter.length;
  while (!(bytes[at] === 45 && bytes[at + 1] === 45)) {
    const headAt = find(bytes, encoder.encode("\r\n"), at) + 2;
    const bodyAt = find(bytes, headEnd, headAt - 2);
    const end = bodyAt < 0 ? -1 : find(bytes, partEnd, bodyAt + 2);
    if (headAt < 2 || bodyAt < 0 || end < 0) throw broken();
    const head = decoder.decode(bytes.subarray(headAt, bodyAt) as Uint8Array<ArrayBuffer>);
    const disposition = /^content-disposition:\s*form-data\s*;(.*)$/im.exec(head)?.[1];
    const name = disposition === undefined ? undefined : /(?:^|[;\s])name="([^"]*)"/i.exec(disposition)?.[1];
    if (disposition === undefined || name === undefined) throw broken();
    const filename = /filename="([^"]*)"/i.exec(disposition)?.[1];
    const unescaped = (text: string) => text.replace(/%0D%0A/gi, "\r\n").replace(/%22/g, '"');
    const body = bytes.slice(Math.min(bodyAt + 4, end), end) as Uint8Array<ArrayBuffer>;
    if (filename === undefined) form.append(unescaped(name), decoder.decode(body));
    else {
      const type = /^content-type:\s*(.*?)\s*$/im.exec(head)?.[1] ?? "text/plain";
      form.append(unescaped(name), new File([body], unescaped(filename), { type }));
    }
    at = end + partEnd.length;
  }
  return form;
}
