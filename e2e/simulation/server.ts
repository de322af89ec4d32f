import type { Authenticator } from "@tandem/backend/parts";
import type { Engine } from "@tandem/engine";
import { Process, type SimulatedDisk, type World } from "@tandem/engine/simulation";
import { ApiError, type ClientMessage, canonicalFunctionPath, parseFunctionPath } from "@tandem/protocol";
import type { Identity } from "@tandem/runtime";
import { convexToJson, jsonToConvex, type Value } from "@tandem/values";
import { ConnectionCheck } from "./connection_check.ts";
import { ACCOUNTS, FUNCTIONS, TOTAL_BALANCE } from "./functions.ts";
import type { ServerEnd, ServerListener, SimulatedNetwork } from "./network.ts";
import type * as productParts from "./parts.ts";

export type Parts = typeof productParts;

/** A token of the simulation: who it is for, until when (seconds since the epoch). */
interface Claims {
  readonly sub: string;
  readonly iat: number;
  readonly exp: number;
  readonly refused?: boolean;
}

export function makeToken(claims: Claims): string {
  return `e30.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.c2ln`;
}

function claimsOf(token: string): Claims {
  return JSON.parse(Buffer.from(token.split(".")[1]!, "base64url").toString()) as Claims;
}

/** One life of the backend half: everything between the disk and the network, in one process. */
export class SimulatedServer {
  readonly process: Process;
  readonly engine: Engine;
  readonly live: InstanceType<Parts["LiveQueries"]>;
  /** By the server's end of each connection. */
  readonly #connections = new Map<ServerEnd, ConnectionCheck>();
  /** Counts of connections that are no more. */
  readonly #closed = { transitions: 0, results: 0 };
  readonly #accept: (socket: ServerEnd) => ServerListener;
  /** The first thing that was found wrong. */
  readonly #wrong: (error: unknown) => void;

  private constructor(
    process: Process,
    engine: Engine,
    live: InstanceType<Parts["LiveQueries"]>,
    accept: (server: SimulatedServer, socket: ServerEnd) => ServerListener,
    wrong: (error: unknown) => void,
  ) {
    this.process = process;
    this.engine = engine;
    this.live = live;
    this.#accept = (socket) => accept(this, socket);
    this.#wrong = wrong;
  }

  static async boot(options: {
    readonly world: World;
    readonly disk: SimulatedDisk;
    readonly parts: Parts;
    readonly wrong: (error: unknown) => void;
    /** Bytes from which transitions travel in chunks. */
    readonly chunkBytes?: number;
    /** Bytes of results kept without watchers. */
    readonly cacheBytes?: number;
  }): Promise<SimulatedServer> {
    const { world, disk, parts, wrong } = options;
    const process = new Process(world);
    const persistence = disk.open(process);
    const random = world.random.fork();
    const engine = await parts.openEngine({
      persistence,
      clock: world,
      random,
      timers: process.timers,
      fatal: (error) => {
        if (process.alive) wrong(error);
      },
    });
    const seams = {
      clock: { now: () => Math.floor(world.now()) },
      timers: process.timers,
      random,
      fetch: () => Promise.reject(new Error("There is nothing to fetch in the simulation.")),
    };
    const lanes = new parts.PlainLanes({
      engine,
      laneView: parts.LaneView,
      reader: persistence,
      functions: FUNCTIONS,
      clock: seams.clock,
      random,
      pause: () => process.pause(),
    });
    const current = { version: "1", environment: "1" };
    const functions = {
      current,
      isEmpty: false,
      analysis: [],
      settled: async () => {},
      kindOf: (path: string) => FUNCTIONS.get(path)?.kind ?? null,
    };
    const system = {
      owns: () => false,
      query: () => Promise.reject(new Error("The simulation has no system functions.")),
    };
    const log = new parts.FunctionLog(10);
    const executor = new parts.Executor({ engine, lanes, functions, system, log, seams, redact: false });
    const live = new parts.LiveQueries({
      engine,
      run: (query, caller, at) => executor.query(query, caller, at),
      now: seams.clock.now,
      cacheBytes: options.cacheBytes ?? 10_000,
      timeDependentMilliseconds: 17_000,
    });
    const context = {
      engine,
      live,
      executor,
      authenticator: authenticator(process, seams.clock.now),
      seams,
      encoder: new parts.TransitionEncoder(),
      report: (error: unknown) => {
        if (process.alive) wrong(error);
      },
      limits: {
        queuedMutations: 1000,
        inflightActions: 1000,
        unsentTransitions: 2,
        chunkBytes: options.chunkBytes ?? 5_000_000,
        heartbeatMilliseconds: 15_000,
        catchUpMilliseconds: 5_000,
      },
    };
    const accept = (server: SimulatedServer, socket: ServerEnd): ServerListener => {
      const check = new ConnectionCheck({
        fresh: (path, args, identity, at) => server.fresh(path, args, identity, at),
        identity: identityOfMessage,
      });
      server.#connections.set(socket, check);
      const session = new parts.SyncSession(
        context,
        {
          send: (text, written) => {
            if (!process.alive) return;
            server.#judge(() => check.sent(text));
            socket.send(text, written);
          },
          cork: () => socket.cork(),
          uncork: () => socket.uncork(),
          close: (code, reason) => socket.close(code, reason),
        },
        { acceptsChunks: false },
      );
      return {
        message: (text) => {
          server.#judge(() => check.received(text));
          session.message(text);
        },
        closed: () => {
          if (server.#connections.delete(socket)) add(server.#closed, check.counts);
          session.closed();
        },
      };
    };
    return new SimulatedServer(process, engine, live, accept, wrong);
  }

  #judge(judge: () => void): void {
    try {
      judge();
    } catch (error) {
      this.#wrong(error);
    }
  }

  /** Takes connections from the network. */
  listen(network: SimulatedNetwork): void {
    network.serve(this.process, (socket) => this.#accept(socket));
  }

  /** A connection without a network between. */
  connect(socket: ServerEnd): ServerListener {
    return this.#accept(socket);
  }

  /** Transitions sent so far, and single results judged in them, over all connections. */
  get counts(): { transitions: number; results: number } {
    const counts = { ...this.#closed };
    for (const check of this.#connections.values()) add(counts, check.counts);
    return counts;
  }

  /** Does this connection's client hold what fresh runs at the newest commit answer? */
  isCurrent(socket: ServerEnd): boolean {
    return this.#connections.get(socket)?.isCurrentAt(this.engine.durable) ?? true;
  }

  /** Makes the app's tables, on an empty disk. */
  async layOut(): Promise<void> {
    await this.engine.transact({ source: "setting up" }, async (tx) => {
      for (const table of ["counters", "messages", "accounts", "applied"]) {
        tx.editor.createTable("", table);
        const index = { namespace: "", table, name: "by_name", fields: ["name"], staged: false };
        tx.editor.setIndexState(tx.editor.addIndex(index).id, "enabled");
      }
      for (const name of ACCOUNTS)
        await tx.insert("accounts", { name, value: TOTAL_BALANCE / ACCOUNTS.length });
    });
  }

  /** Runs a query on a snapshot of its own, past every cache. */
  fresh(path: string, args: string, identity: Identity, at: number): string {
    const code = FUNCTIONS.get(canonicalFunctionPath(parseFunctionPath(path)));
    if (code?.kind !== "query") throw new Error(`The simulation has no query ${path}.`);
    const snapshot = this.engine.snapshot({ at });
    try {
      const value = code.run(
        snapshot,
        jsonToConvex(JSON.parse(args)) as Record<string, Value>,
        () => identity,
      );
      return `=${JSON.stringify(convexToJson(value))}`;
    } catch {
      return "!";
    }
  }

  /** How often each token was applied. */
  applied(): Map<string, number> {
    const found = this.engine.snapshot().scan("applied", "by_name", { start: "", end: null }, "asc", 100_000);
    const counts = new Map<string, number>();
    if (found instanceof Promise) throw new Error("The simulation's store must answer at once.");
    for (const { document } of found) {
      const { name } = JSON.parse(document.json) as { name: string };
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    return counts;
  }

  kill(): void {
    this.process.kill();
  }
}

function add(total: { transitions: number; results: number }, one: ConnectionCheck["counts"]): void {
  total.transitions += one.transitions;
  total.results += one.results;
}

function authenticator(process: Process, now: () => number): Authenticator {
  return {
    async user(token) {
      await process.pause();
      const claims = claimsOf(token);
      if (claims.refused || claims.exp * 1000 <= now()) {
        throw new ApiError(
          "Unauthenticated",
          "InvalidAuthHeader",
          "The simulation does not take this token.",
        );
      }
      return {
        kind: "user",
        identity: { subject: claims.sub },
        expiresAt: claims.exp * 1000,
        token: { issuer: "simulation", subject: claims.sub, id: null },
      };
    },
    admin() {
      throw new ApiError("Forbidden", "BadDeployKey", "The simulation has no admins.");
    },
    forget() {},
  };
}

function identityOfMessage(message: Extract<ClientMessage, { type: "Authenticate" }>): Identity {
  return message.tokenType === "User" ? { subject: claimsOf(message.value).sub } : null;
}
