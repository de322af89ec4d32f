import { randomBytes } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { type Engine, MemoryMedium, openEngine } from "@tandem/engine";
import { composeIdentity, type Identity, type IdentityFacts } from "../identity.ts";
import { type Limits, readLimits } from "../limits.ts";
import type { SmtpOptions } from "../mail/index.ts";
import type { Parts } from "../parts.ts";
import type { Seams } from "../seams.ts";

/** A clock that a test moves. */
export interface TestClock {
  now(): number;
  advance(milliseconds: number): void;
}

export interface StartedIdentity extends IdentityFacts, AsyncDisposable {
  readonly identity: Identity;
  readonly engine: Engine;
  /** What the server is made of, for tests of one part. */
  readonly parts: Parts;
  readonly url: string;
  /** Of the instance that is served. */
  readonly instanceId: string;
  readonly clock: TestClock;
  /** What was reported as the server's own fault; a test that expects none looks here. */
  readonly reported: unknown[];
  /** Lines for whoever runs the server. */
  readonly logged: string[];
  /** Ends it and opens it again over the same store. */
  restart(): Promise<StartedIdentity>;
}

export interface StartOptions {
  readonly limits?: Partial<Limits>;
  readonly productionOrigin?: string;
  readonly medium?: MemoryMedium;
  readonly smtp?: SmtpOptions;
  readonly assets?: string;
  readonly project?: string;
}

const instanceSecret = "5c".repeat(32);

/** A real identity server on a port of its own, over a store in memory. Its clock begins at the present. */
export async function startIdentity(options: StartOptions = {}): Promise<StartedIdentity> {
  const medium = options.medium ?? new MemoryMedium();
  const reported: unknown[] = [];
  const logged: string[] = [];
  let offset = 0;
  const clock: TestClock = {
    now: () => Date.now() + offset,
    advance: (milliseconds) => {
      offset += milliseconds;
    },
  };
  const seams: Seams = {
    clock,
    timers: { setTimeout, clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout) },
    random: { bytes: (length) => randomBytes(length) },
  };
  const engine = await openEngine({
    persistence: medium.open(),
    clock: { nowMicroseconds: () => Math.floor((performance.timeOrigin + performance.now()) * 1000) },
    random: seams.random,
    timers: seams.timers,
    fatal: (error) => reported.push(error),
  });
  let identity: Identity | null = null;
  const server = createServer(
    getRequestListener(
      (request, { incoming }) =>
        identity?.fetch(request, { ipAddress: incoming.socket.remoteAddress ?? null }) ??
        new Response(null, { status: 503 }),
    ),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { parts, ...opened } = await composeIdentity({
    engine,
    seams,
    limits: { ...readLimits({}), ...options.limits },
    instanceSecret,
    developmentOrigin: url,
    productionOrigin: options.productionOrigin ?? null,
    applicationName: "Test app",
    ...(options.smtp === undefined ? {} : { smtp: options.smtp }),
    ...(options.assets === undefined ? {} : { assets: options.assets }),
    ...(options.project === undefined ? {} : { project: options.project }),
    log: (line) => logged.push(line),
    report: (error) => reported.push(error),
  });
  identity = opened;
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await opened.close();
    await engine.close();
  };
  return {
    identity: opened,
    engine,
    parts,
    url,
    clock,
    reported,
    logged,
    ...(await opened.facts()),
    instanceId: (await parts.instances.byEnvironment(parts.instances.main)).id,
    async restart() {
      await close();
      return startIdentity({ ...options, medium });
    },
    [Symbol.asyncDispose]: close,
  };
}
