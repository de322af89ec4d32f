import { randomBytes } from "node:crypto";
import type { Server } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { acceptWebSockets, type Limits, openBackend, type Seams } from "@tandem/backend";
import { openDatabase } from "@tandem/runtime";
import { DataFolder } from "./data_folder.ts";
import { closeServer, listen, urlOf } from "./listen.ts";
import { atTurnEnd } from "./turn_end.ts";

/** The level of the Convex client protocol that this server speaks. */
export const PROTOCOL_LEVEL = "1.48.0";

export interface StartOptions {
  /** Folder for everything the instance keeps. */
  readonly data: string;
  readonly host: string;
  /** 0: any free one. */
  readonly backendPort: number;
  readonly sitePort: number;
  readonly limits: Limits;
  /** Errors and log lines of functions stay on the server. */
  readonly redact: boolean;
  /** What functions see as CONVEX_CLOUD_URL and CONVEX_SITE_URL, when clients come another way than directly. */
  readonly cloudUrl?: string;
  readonly siteUrl?: string;
  /** The server's own troubles. */
  readonly report: (error: unknown) => void;
  /** The process must not go on: the database found itself inconsistent. */
  readonly fatal: (error: unknown) => void;
}

/** A running instance. */
export interface Tandem {
  readonly backendUrl: string;
  readonly siteUrl: string;
  readonly adminKey: string;
  /** Ends connections, puts on disk what was accepted, and lets go of the data folder. */
  stop(): Promise<void>;
}

const MEBIBYTE = 1024 * 1024;
const NO_HTTP_ACTIONS = "This Convex deployment does not have HTTP actions enabled.";

/** Starts every server in this process. */
export async function start(options: StartOptions): Promise<Tandem> {
  const { limits, host } = options;
  const folder = new DataFolder(options.data);
  const keys = folder.keys();
  const undo: (() => Promise<void> | void)[] = [];
  try {
    const seams = processSeams();
    const { engine, lanes } = await openDatabase({
      path: folder.database,
      clock: { nowMicroseconds: () => Math.floor((performance.timeOrigin + performance.now()) * 1000) },
      random: seams.random,
      timers: seams.timers,
      fatal: options.fatal,
      retention: { keep: limits.retention * 1000 },
      actions: { totalTime: limits.actionTime, concurrency: limits.concurrentActions },
      functions: {
        limits: {
          userTime: limits.functionUserTime,
          totalTime: limits.functionTotalTime,
          heap: limits.functionHeap / MEBIBYTE,
        },
        transactions: {
          documentsRead: limits.documentsRead,
          bytesRead: limits.bytesRead,
          databaseQueries: limits.indexRanges,
          documentsWritten: limits.documentsWritten,
          bytesWritten: limits.bytesWritten,
        },
        instanceSecret: keys.secret,
        deploymentName: keys.name,
      },
      ...(limits.readLanes === 0 ? {} : { readLanes: limits.readLanes }),
    });
    undo.push(() => engine.close());
    undo.push(() => lanes.close());

    // The listeners come first: functions see their addresses as environment variables.
    let backend: Awaited<ReturnType<typeof openBackend>> | null = null;
    const backendServer = await listen(
      getRequestListener((request) => backend?.app.fetch(request) ?? new Response(null, { status: 503 })),
      { host, port: options.backendPort, purpose: "backend", option: "--backend-port" },
    );
    undo.push(() => closeServer(backendServer));
    const siteServer = await listen(
      (_request, response) => response.writeHead(404, { "content-type": "text/plain" }).end(NO_HTTP_ACTIONS),
      { host, port: options.sitePort, purpose: "site of HTTP actions", option: "--site-port" },
    );
    undo.push(() => closeServer(siteServer));

    const backendUrl = urlOf(backendServer, host);
    const siteUrl = urlOf(siteServer, host);
    const opened = await openBackend({
      engine,
      lanes,
      seams,
      limits,
      instanceName: keys.name,
      instanceSecret: keys.secret,
      urls: { cloud: options.cloudUrl ?? backendUrl, site: options.siteUrl ?? siteUrl },
      version: PROTOCOL_LEVEL,
      redact: options.redact,
      report: options.report,
    });
    backend = opened;
    undo.push(() => opened.close());
    undo.push(takeSockets(backendServer, opened, limits));

    folder.announce({ pid: process.pid, backendUrl, siteUrl, adminKey: opened.adminKey });
    undo.push(() => folder.withdraw());
    return { backendUrl, siteUrl, adminKey: opened.adminKey, stop: () => runAll(undo) };
  } catch (error) {
    await runAll(undo);
    throw error;
  }
}

function takeSockets(
  server: Server,
  backend: Awaited<ReturnType<typeof openBackend>>,
  limits: Limits,
): () => void {
  return acceptWebSockets(server, {
    frameBytes: limits.frameBytes,
    pingMilliseconds: limits.socketPing,
    timeoutMilliseconds: limits.socketTimeout,
    accept: (socket, client) => backend.accept(socket, client),
  });
}

/** In reverse order; each gets its turn, and the first failure is thrown at the end. */
async function runAll(undo: (() => Promise<void> | void)[]): Promise<void> {
  const failures: unknown[] = [];
  for (let step = undo.pop(); step !== undefined; step = undo.pop()) {
    try {
      await step();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) {
    throw failures[0];
  }
}

/** The real clock, timers, chance and network: the outermost edge, where seams end. */
function processSeams(): Seams & { timers: Seams["timers"] } {
  return {
    clock: { now: () => Date.now() },
    timers: {
      setTimeout: (run, milliseconds) => setTimeout(run, milliseconds),
      clearTimeout: (handle) => clearTimeout(handle as NodeJS.Timeout),
      setImmediate: atTurnEnd(),
    },
    random: { bytes: pooledRandomBytes() },
    fetch: (...request) => fetch(...request),
  };
}

const POOL_BYTES = 8192;

/** Unpredictable bytes, drawn from the system in large pieces: ids are made for every call. No byte is used twice. */
function pooledRandomBytes(): (length: number) => Uint8Array {
  let pool = randomBytes(POOL_BYTES);
  let used = 0;
  return (length) => {
    if (length > POOL_BYTES / 8) {
      return randomBytes(length);
    }
    if (used + length > POOL_BYTES) {
      pool = randomBytes(POOL_BYTES);
      used = 0;
    }
    used += length;
    return pool.subarray(used - length, used);
  };
}
