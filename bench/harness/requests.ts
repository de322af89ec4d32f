import { once } from "node:events";
import { connect, type Socket } from "node:net";

export interface HttpAnswer {
  readonly json: unknown;
  /** The cookies that it sets, as a request's header brings them back. */
  readonly cookies: string;
}

export interface HttpRequest {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

const HEAD_END = "\r\n\r\n";

/**
 * POSTs over one connection that is kept. It writes and reads HTTP/1.1 itself (RFC 9112): Node's client costs as much
 * as a server's answer, and the load shares the machine with what is measured. Rejects on any answer but 200.
 */
export function keptConnection(): (asked: HttpRequest) => Promise<HttpAnswer> {
  let connection: Promise<Connection> | null = null;
  return async ({ url, headers, body }) => {
    const { hostname, port, host, pathname, search } = new URL(url);
    connection ??= Connection.open(hostname, Number(port));
    const lines = Object.entries({ host, ...headers, "content-length": Buffer.byteLength(body) });
    const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join("");
    const answer = await (await connection).send(`POST ${pathname}${search} HTTP/1.1\r\n${head}\r\n${body}`);
    if (answer.status !== 200) {
      throw new Error(`${url} answered ${answer.status}: ${answer.text.slice(0, 500)}`);
    }
    return { json: JSON.parse(answer.text), cookies: answer.cookies.join("; ") };
  };
}

interface Read {
  readonly status: number;
  readonly cookies: readonly string[];
  readonly text: string;
}

class Connection {
  readonly #socket: Socket;
  #received: Buffer = Buffer.alloc(0);
  #waiting: { resolve: (read: Read) => void; reject: (error: Error) => void } | null = null;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on("data", (part: Buffer) => this.#take(part));
    socket.on("error", (error) => this.#waiting?.reject(error));
    socket.on("close", () => this.#waiting?.reject(new Error("The server closed the connection.")));
  }

  static async open(host: string, port: number): Promise<Connection> {
    const socket = connect({ host, port });
    await once(socket, "connect");
    return new Connection(socket);
  }

  send(request: string): Promise<Read> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#socket.write(request);
    });
  }

  #take(part: Buffer): void {
    this.#received = this.#received.length === 0 ? part : Buffer.concat([this.#received, part]);
    const read = readAnswer(this.#received);
    if (read === null) return;
    this.#received = Buffer.alloc(0);
    this.#waiting?.resolve(read);
    this.#waiting = null;
  }
}

/** The answer in `bytes`, or null while some of it is missing. */
function readAnswer(bytes: Buffer): Read | null {
  const headEnd = bytes.indexOf(HEAD_END);
  if (headEnd < 0) return null;
  const head = bytes.toString("latin1", 0, headEnd);
  const body = bytes.subarray(headEnd + HEAD_END.length);
  const length = /^content-length: *(\d+)/im.exec(head)?.[1];
  const text = length === undefined ? chunkedText(body) : textOf(body, Number(length));
  if (text === null) return null;
  const cookies = [...head.matchAll(/^set-cookie: *([^;\r]*)/gim)].map(([, cookie]) => cookie!);
  return { status: Number(head.slice("HTTP/1.1 ".length, "HTTP/1.1 ".length + 3)), cookies, text };
}

function textOf(body: Buffer, length: number): string | null {
  return body.length < length ? null : body.toString("utf8", 0, length);
}

/** The body in chunks (RFC 9112 §7.1), or null while the last one is missing. */
function chunkedText(body: Buffer): string | null {
  const parts: Buffer[] = [];
  for (let at = 0; ; ) {
    const lineEnd = body.indexOf("\r\n", at);
    if (lineEnd < 0) return null;
    const size = Number.parseInt(body.toString("latin1", at, lineEnd), 16);
    const start = lineEnd + 2;
    if (body.length < start + size + 2) return null;
    if (size === 0) return Buffer.concat(parts).toString("utf8");
    parts.push(body.subarray(start, start + size));
    at = start + size + 2;
  }
}
