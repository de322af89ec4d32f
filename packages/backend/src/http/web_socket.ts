import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import {
  type ClientVersion,
  clientVersionOf,
  DEPRECATION_MESSAGE_HEADER,
  DEPRECATION_STATE_HEADER,
  httpErrorOf,
  isApiError,
  supportsTransitionChunks,
  unsupportedVersionError,
  versionSupport,
} from "@tandem/protocol";
import { WebSocket, WebSocketServer } from "ws";
import type { SyncSocket, SyncSocketListener } from "../sync/socket.ts";
import { TextFrames } from "./text_frames.ts";

export interface WebSocketOptions {
  /** Largest frame accepted, in bytes. */
  readonly frameBytes: number;
  /** Milliseconds between pings, and of silence after which a client counts as gone. */
  readonly pingMilliseconds: number;
  readonly timeoutMilliseconds: number;
  /** Begins a session on an accepted socket. */
  readonly accept: (socket: SyncSocket, client: { acceptsChunks: boolean }) => SyncSocketListener;
}

interface Client {
  /** Milliseconds since the epoch. */
  heardAt: number;
}

const SYNC_PATH = /^\/api\/(?:([^/]+)\/)?sync$/;

/** Takes the sync protocol's sockets from an HTTP server (P §1.1). Answers a function that closes them all. */
export function acceptWebSockets(server: Server, options: WebSocketOptions): () => void {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: options.frameBytes,
    perMessageDeflate: false,
  });
  const clients = new Map<WebSocket, Client>();

  server.on("upgrade", (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    const path = SYNC_PATH.exec((request.url ?? "").split("?")[0]!.replace(/^\/+/, "/"));
    if (path === null) {
      refuse(stream, 404, "");
      return;
    }
    let version: ClientVersion;
    try {
      version = checkedVersion(request.headers["convex-client"], path[1] ?? null);
    } catch (error) {
      const { status, body } = httpErrorOf(error);
      refuse(stream, status, JSON.stringify(body), deprecationHeaders(error));
      return;
    }
    sockets.handleUpgrade(request, stream, head, (socket) => {
      const client: Client = { heardAt: Date.now() };
      clients.set(socket, client);
      attach(socket, options, version, client);
      socket.on("close", () => clients.delete(socket));
    });
  });

  const pinging = setInterval(() => {
    const now = Date.now();
    for (const [socket, { heardAt }] of clients) {
      if (now - heardAt > options.timeoutMilliseconds) {
        socket.close(1000, "ClientDisconnected");
        socket.terminate();
      } else {
        socket.ping();
      }
    }
  }, options.pingMilliseconds);
  pinging.unref();

  return () => {
    clearInterval(pinging);
    for (const socket of clients.keys()) {
      socket.close(1001, "");
      socket.terminate();
    }
    sockets.close();
  };
}

function checkedVersion(header: string | string[] | undefined, pathVersion: string | null): ClientVersion {
  const client = clientVersionOf(Array.isArray(header) ? header[0]! : (header ?? null), pathVersion);
  const support = versionSupport(client);
  if (support.state === "Unsupported") {
    throw unsupportedVersionError(support.message);
  }
  return client;
}

function attach(socket: WebSocket, options: WebSocketOptions, version: ClientVersion, client: Client): void {
  // `ws` keeps the TCP socket to itself, and writes each message by itself, in two pieces.
  const frames = new TextFrames((socket as unknown as { _socket: Duplex })._socket);
  const session = options.accept(
    {
      send(text, written) {
        // Behind a close frame there must be nothing.
        if (socket.readyState === WebSocket.OPEN) {
          frames.send(text, written);
        }
      },
      cork: () => frames.cork(),
      uncork: () => frames.uncork(),
      close: (code, reason) => (code === null ? socket.close() : socket.close(code, reason)),
    },
    { acceptsChunks: supportsTransitionChunks(version) },
  );
  const heard = () => {
    client.heardAt = Date.now();
  };
  socket.on("message", (data, isBinary) => {
    heard();
    if (isBinary) {
      session.binary();
    } else {
      session.message((data as Buffer).toString("utf8"));
    }
  });
  socket.on("pong", heard);
  socket.on("close", () => session.closed());
  // A socket that breaks ends with `close` too; without a listener its error would end the process.
  socket.on("error", () => session.closed());
}

/** An old client is told what it is in headers too (P §1.1). */
function deprecationHeaders(error: unknown): string {
  return isApiError(error) && error.code === "ClientVersionUnsupported"
    ? `${DEPRECATION_STATE_HEADER}: Unsupported\r\n${DEPRECATION_MESSAGE_HEADER}: ${error.message}\r\n`
    : "";
}

function refuse(stream: Duplex, status: number, body: string, headers = ""): void {
  stream.end(
    `HTTP/1.1 ${status} ${status === 404 ? "Not Found" : "Bad Request"}\r\nConnection: close\r\n${headers}` +
      `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
