import type { IncomingMessage, Server } from "node:http";
import { fileURLToPath } from "node:url";
import { getRequestListener } from "@hono/node-server";
import {
  acceptWebSockets,
  type Backend,
  type Limits,
  openBackend,
  ThreadedSignatures,
} from "@tandem/backend";
import { type Identity, type Limits as IdentityLimits, openIdentity } from "@tandem/identity";
import { openDatabase } from "@tandem/runtime";
import { addressOf } from "./caller_address.ts";
import { DataFolder, type InstanceFile } from "./data_folder.ts";
import { endCallersWithSessions, issuerFetch, sessionGate } from "./join.ts";
import { closeServer, listen, urlOf } from "./listen.ts";
import { processSeams } from "./process_seams.ts";
import { runAll, type Undo } from "./undo.ts";

/** The level of the Convex client protocol that this server speaks. */
export const PROTOCOL_LEVEL = "1.48.0";

export interface StartOptions {
  /** Folder for everything the instance keeps. */
  readonly data: string;
  readonly host: string;
  /** Runs one half; both when absent. */
  readonly only?: "backend" | "identity";
  /** 0: any free one. */
  readonly backendPort: number;
  readonly sitePort: number;
  readonly identityPort: number;
  readonly limits: Limits;
  readonly identityLimits: IdentityLimits;
  /** Errors and log lines of functions stay on the server. */
  readonly redact: boolean;
  /** What functions see as CONVEX_CLOUD_URL and CONVEX_SITE_URL, when clients come another way than directly. */
  readonly cloudUrl?: string;
  readonly siteUrl?: string;
  /**
   * Where browsers reach identity, when it is not directly: an origin. With https it is the production instance that
   * is served there.
   */
  readonly identityOrigin?: string;
  readonly applicationName: string;
  /** `X-Forwarded-For` of the machine in front is believed. */
  readonly trustProxy: boolean;
  /** The mail server and the sender's address; without them messages lie in the development inbox. */
  readonly smtp?: { readonly url: string; readonly from: string };
  /** The app's folder: the genuine packages that are installed there are served to its pages. */
  readonly project: string;
  /** Lines for whoever runs the server. */
  readonly log: (line: string) => void;
  /** The server's own troubles. */
  readonly report: (error: unknown) => void;
  /** The process must not go on: the database found itself inconsistent. */
  readonly fatal: (error: unknown) => void;
}

/** A running instance. */
export interface Tandem extends Omit<InstanceFile, "pid"> {
  /** Ends connections, puts on disk what was accepted, and lets go of the data folder. */
  stop(): Promise<void>;
}

/** Files of the identity server's own pages, which the build puts beside this one. */
const HOSTED_PAGES = fileURLToPath(new URL("./hosted/", import.meta.url));
const MEBIBYTE = 1024 * 1024;
const NO_HTTP_ACTIONS = "This Convex deployment does not have HTTP actions enabled.";

/** What both halves stand on. */
interface Ground {
  readonly options: StartOptions;
  readonly keys: { readonly name: string; readonly secret: string };
  readonly seams: ReturnType<typeof processSeams>;
  readonly engine: Awaited<ReturnType<typeof openDatabase>>["engine"];
  readonly lanes: Awaited<ReturnType<typeof openDatabase>>["lanes"];
  readonly undo: Undo;
}

/** Starts every server in this process. */
export async function start(options: StartOptions): Promise<Tandem> {
  const folder = new DataFolder(options.data);
  const keys = folder.keys();
  const undo: Undo = [];
  try {
    const seams = processSeams();
    const { engine, lanes } = await openDatabase({
      path: folder.database,
      clock: { nowMicroseconds: () => Math.floor((performance.timeOrigin + performance.now()) * 1000) },
      random: seams.random,
      timers: seams.timers,
      fatal: options.fatal,
      retention: { keep: options.limits.retention * 1000 },
      ...laneOptions(options.limits, keys),
    });
    undo.push(() => engine.close());
    undo.push(() => lanes.close());
    const ground: Ground = { options, keys, seams, engine, lanes, undo };
    const identity = options.only === "backend" ? null : await startIdentity(ground);
    const backend = options.only === "identity" ? null : await startBackend(ground, identity);
    const running = { ...backend?.facts, ...identity?.facts };
    folder.announce({ pid: process.pid, ...running });
    undo.push(() => folder.withdraw());
    return { ...running, stop: () => runAll(undo) };
  } catch (error) {
    await runAll(undo);
    throw error;
  }
}

function laneOptions(limits: Limits, keys: { readonly name: string; readonly secret: string }) {
  return {
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
  };
}

interface RunningIdentity {
  readonly identity: Identity;
  readonly origins: readonly string[];
  readonly facts: Pick<InstanceFile, "identityUrl" | "issuer" | "publishableKey" | "secretKey">;
}

async function startIdentity({ options, keys, seams, engine, undo }: Ground): Promise<RunningIdentity> {
  let identity: Identity | null = null;
  const server = await listen(
    getRequestListener((request, { incoming }) => {
      const ipAddress = addressOf(incoming as IncomingMessage, options.trustProxy);
      return identity?.fetch(request, { ipAddress }) ?? new Response(null, { status: 503 });
    }),
    { host: options.host, port: options.identityPort, purpose: "identity server", option: "--identity-port" },
  );
  undo.push(() => closeServer(server));
  const identityUrl = urlOf(server, options.host);
  const given = options.identityOrigin;
  const isProduction = given?.startsWith("https://") ?? false;
  const developmentOrigin = given === undefined || isProduction ? identityUrl : given;
  const productionOrigin = isProduction ? given! : null;
  const opened = await openIdentity({
    engine,
    seams,
    limits: options.identityLimits,
    instanceSecret: keys.secret,
    developmentOrigin,
    productionOrigin,
    applicationName: options.applicationName,
    ...(options.smtp === undefined ? {} : { smtp: options.smtp }),
    assets: HOSTED_PAGES,
    project: options.project,
    log: options.log,
    report: options.report,
  });
  identity = opened;
  undo.push(() => opened.close());
  return {
    identity: opened,
    origins: productionOrigin === null ? [developmentOrigin] : [developmentOrigin, productionOrigin],
    facts: { identityUrl, ...(await opened.facts()) },
  };
}

async function startBackend(
  { options, keys, seams, engine, lanes, undo }: Ground,
  joined: RunningIdentity | null,
): Promise<{ readonly facts: Pick<InstanceFile, "backendUrl" | "siteUrl" | "adminKey"> }> {
  const { limits, host } = options;
  // The listeners come first: functions see their addresses as environment variables.
  let backend: Backend | null = null;
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
  const signatures = new ThreadedSignatures(seams.timers, options.report);
  undo.push(() => signatures.close());
  const opened = await openBackend({
    engine,
    lanes,
    seams:
      joined === null
        ? seams
        : { ...seams, fetch: issuerFetch(seams.fetch, joined.origins, joined.identity) },
    limits,
    instanceName: keys.name,
    instanceSecret: keys.secret,
    urls: { cloud: options.cloudUrl ?? backendUrl, site: options.siteUrl ?? siteUrl },
    version: PROTOCOL_LEVEL,
    redact: options.redact,
    report: options.report,
    signatures,
    ...(joined === null ? {} : { gate: sessionGate(joined.origins, joined.identity, seams.clock) }),
  });
  backend = opened;
  undo.push(() => opened.close());
  if (joined !== null) {
    undo.push(endCallersWithSessions(joined.identity, opened));
  }
  undo.push(takeSockets(backendServer, opened, limits));
  return { facts: { backendUrl, siteUrl, adminKey: opened.adminKey } };
}

function takeSockets(server: Server, backend: Backend, limits: Limits): () => void {
  return acceptWebSockets(server, {
    frameBytes: limits.frameBytes,
    pingMilliseconds: limits.socketPing,
    timeoutMilliseconds: limits.socketTimeout,
    accept: (socket, client) => backend.accept(socket, client),
  });
}
