import type { Duplex } from "node:stream";
import { WebSocket } from "ws";

interface Waiting {
  resolve: (result: unknown) => void;
  reject: (error: Error) => void;
}

/**
 * A client of the sync protocol that does as little as one can: it loads the server, not the machine. Messages are
 * matched by hand, and a transition's results are handed out as they are.
 */
export class SyncClient {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, Waiting>();
  #requestId = 0;
  #querySet = 0;
  #identity = 0;
  /** Called with the text of each transition. */
  onTransition: (text: string) => void = () => {};

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on("message", (data) => this.#message((data as Buffer).toString("utf8")));
    socket.on("close", (code, reason) => {
      for (const { reject } of this.#waiting.values()) {
        reject(new Error(`The socket was closed: ${code} ${reason}`));
      }
    });
  }

  static async connect(url: string): Promise<SyncClient> {
    const socket = new WebSocket(`${url.replace(/^http/, "ws")}/api/1.48.0/sync`, {
      perMessageDeflate: false,
    });
    await new Promise<void>((resolve, reject) => {
      socket.once("open", resolve);
      socket.once("error", reject);
    });
    socket.on("error", () => {});
    const client = new SyncClient(socket);
    client.#send({
      type: "Connect",
      sessionId: crypto.randomUUID(),
      connectionCount: 0,
      lastCloseReason: "InitialConnect",
      clientTs: Date.now(),
    });
    return client;
  }

  /** Resolves with the mutation's result when it is on disk. */
  mutation(udfPath: string, args: unknown): Promise<unknown> {
    const requestId = this.#requestId++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(requestId, { resolve, reject });
      this.#send({ type: "Mutation", requestId, udfPath, args: [args] });
    });
  }

  /** Changes the set of watched queries. */
  modify(modifications: readonly unknown[]): void {
    const baseVersion = this.#querySet++;
    this.#send({ type: "ModifyQuerySet", baseVersion, newVersion: this.#querySet, modifications });
  }

  /** Makes this client the user of a token. The answer is a transition to the next version of the identity. */
  authenticate(token: string): void {
    // A JWT has nothing that JSON would escape.
    this.#socket.send(
      `{"type":"Authenticate","baseVersion":${this.#identity++},"tokenType":"User","value":"${token}"}`,
    );
  }

  /** What `send` sends leaves in one write. */
  together(send: () => void): void {
    // `ws` keeps the TCP socket to itself.
    const stream = (this.#socket as unknown as { _socket: Duplex })._socket;
    stream.cork();
    send();
    stream.uncork();
  }

  close(): void {
    this.#socket.terminate();
  }

  #send(message: unknown): void {
    this.#socket.send(JSON.stringify(message));
  }

  #message(text: string): void {
    if (text.startsWith('{"type":"Transition"')) {
      this.onTransition(text);
      return;
    }
    if (text.startsWith('{"type":"MutationResponse"')) {
      const response = JSON.parse(text) as { requestId: number; success: boolean; result: unknown };
      const waiting = this.#waiting.get(response.requestId)!;
      this.#waiting.delete(response.requestId);
      if (response.success) {
        waiting.resolve(response.result);
      } else {
        waiting.reject(new Error(String(response.result)));
      }
      return;
    }
    if (!text.startsWith('{"type":"Ping"')) {
      throw new Error(`Unexpected message: ${text.slice(0, 500)}`);
    }
  }
}
