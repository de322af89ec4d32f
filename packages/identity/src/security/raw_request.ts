import { request } from "node:http";

/** A request as an attacker writes it: nothing of it is put right on the way. */
export interface RawRequest {
  readonly method?: string;
  /** As it stands in the first line: `/a/../b` stays that. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

export interface RawReply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Of a JSON answer. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape.
  readonly body: any;
}

/** Sends it to the server at `url`. */
export function sendRaw(
  url: string,
  { method = "GET", path, headers = {}, body }: RawRequest,
): Promise<RawReply> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const outgoing = request({ hostname, port, method, path, headers, agent: false }, (incoming) => {
      const parts: Buffer[] = [];
      incoming.on("data", (part: Buffer) => parts.push(part));
      incoming.on("error", reject);
      incoming.on("end", () => {
        const text = Buffer.concat(parts).toString("utf8");
        const pairs = Object.entries(incoming.headersDistinct).flatMap(([name, values = []]) =>
          values.map((value): [string, string] => [name, value]),
        );
        const received = new Headers(pairs);
        const isJson = received.get("content-type")?.startsWith("application/json") ?? false;
        resolve({
          status: incoming.statusCode!,
          headers: received,
          text,
          body: isJson ? JSON.parse(text) : null,
        });
      });
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

/** A form, as browsers send it. */
export function form(fields: Readonly<Record<string, string>>): string {
  return new URLSearchParams(fields).toString();
}
