import { WebSocket } from "ws";

const PATIENCE = 20_000;

/** A message of the server's, unread. */
export type RawMessage = { readonly type: string } & Readonly<Record<string, unknown>>;

/** A WebSocket to the sync endpoint on which a test sends whatever it likes. */
export interface RawSocket extends Disposable {
  /** Sends a value as JSON, or a string or bytes as they are. */
  send(message: unknown): void;
  /** Introduces a new session. */
  hello(fields?: Record<string, unknown>): void;
  /** The first message of this type that has not been asked for yet. */
  next(type: string): Promise<RawMessage>;
  /** Reads nothing more from the connection, until {@link resume}. */
  pause(): void;
  resume(): void;
  /** How the connection ended: the code is 1005 for a close frame without one, 1006 for none at all. */
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  readonly received: readonly RawMessage[];
}

/** Opens a socket. Throws when the upgrade is refused. */
export async function rawSocket(url: string, path = "/api/1.48.0/sync", headers = {}): Promise<RawSocket> {
  const socket = new WebSocket(`${url.replace(/^http/, "ws")}${path}`, { headers, maxPayload: 2 ** 30 });
  const received: RawMessage[] = [];
  const unread: RawMessage[] = [];
  const waiting = new Set<() => void>();
  let over: { code: number; reason: string } | undefined;
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.on("close", (code, reason) => {
      over = { code, reason: reason.toString("utf8") };
      resolve(over);
      for (const check of [...waiting]) check();
    });
  });
  socket.on("message", (data) => {
    const message = JSON.parse((data as Buffer).toString("utf8")) as RawMessage;
    received.push(message);
    unread.push(message);
    for (const check of [...waiting]) check();
  });
  await new Promise<void>((resolve, reject) => {
    socket.once("open", resolve);
    socket.once("error", reject);
  });
  socket.on("error", () => {
    // It ends with `close` too, which is what tests look at.
  });
  const send = (message: unknown) =>
    socket.send(
      typeof message === "string" || message instanceof Uint8Array ? message : JSON.stringify(message),
    );
  return {
    send,
    hello: (fields = {}) =>
      send({
        type: "Connect",
        sessionId: crypto.randomUUID(),
        connectionCount: 0,
        lastCloseReason: "InitialConnect",
        clientTs: Date.now(),
        ...fields,
      }),
    next: (type) =>
      new Promise((resolve, reject) => {
        const fail = (why: string) => {
          done();
          reject(new Error(`No ${type} ${why}; received ${JSON.stringify(received).slice(0, 2000)}`));
        };
        const timer = setTimeout(() => fail(`within ${PATIENCE} ms`), PATIENCE);
        const done = () => {
          clearTimeout(timer);
          waiting.delete(check);
        };
        const check = () => {
          const index = unread.findIndex((message) => message.type === type);
          if (index !== -1) {
            done();
            resolve(unread.splice(index, 1)[0]!);
          } else if (over !== undefined) {
            fail(`before the close (${over.code} ${over.reason})`);
          }
        };
        waiting.add(check);
        check();
      }),
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    closed,
    received,
    [Symbol.dispose]() {
      socket.terminate();
    },
  };
}

/** The status and body with which an upgrade is refused. */
export function refusedUpgrade(
  url: string,
  path: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; body: string; headers: Record<string, unknown> }> {
  const socket = new WebSocket(`${url.replace(/^http/, "ws")}${path}`, { headers });
  return new Promise((resolve, reject) => {
    socket.once("open", () => {
      socket.terminate();
      reject(new Error(`The upgrade at ${path} was accepted.`));
    });
    socket.on("error", reject);
    socket.once("unexpected-response", (_request, response) => {
      let body = "";
      response.setEncoding("utf8").on("data", (part: string) => {
        body += part;
      });
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, body, headers: response.headers }),
      );
    });
  });
}
