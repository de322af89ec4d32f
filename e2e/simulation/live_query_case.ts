import { type SeededRandom, SimulatedDisk, World } from "@tandem/engine/simulation";
import { convexToJson } from "@tandem/values";
import { FUNCTIONS } from "./functions.ts";
import type { ServerEnd, ServerListener } from "./network.ts";
import { makeToken, type Parts, SimulatedServer } from "./server.ts";
import { randomMutation, randomQuery } from "./simulated_client.ts";

export interface LiveQueryFigures {
  commits: number;
  transitions: number;
  results: number;
}

/**
 * One random case: a few clients with random queries, random commits. Each transition is judged as it is sent; and
 * when all is quiet after a commit, every client must see what it left. Throws what is not so.
 */
export async function checkLiveQueries(seed: number, parts: Parts): Promise<LiveQueryFigures> {
  const world = new World(seed);
  const { random } = world;
  let trouble: unknown = null;
  const server = await SimulatedServer.boot({
    world,
    disk: new SimulatedDisk(world),
    parts,
    wrong: (error) => {
      trouble ??= error;
    },
    cacheBytes: random.pick([0, 3_000, 100_000]),
  });
  await server.layOut();
  // Few enough that clients meet at the same ones.
  const queries = Array.from({ length: 5 }, () => randomQuery(random));
  const clients = Array.from({ length: 1 + random.integer(3) }, () => new RawClient(world, server, queries));
  let commits = 0;

  /** Until everybody has caught up. */
  const quiet = async () => {
    const last = world.steps + 5_000;
    while (clients.some((client) => client.isBehind())) {
      if (trouble !== null) throw trouble;
      if (world.steps > last || !(await world.step())) throw new Error("The clients do not catch up.");
    }
  };

  for (let i = 3 + random.integer(6); i > 0; i--) {
    for (const client of clients) if (random.chance(0.5)) client.act();
    const times = random.chance(0.2) ? 2 : 1;
    for (let c = 0; c < times; c++) {
      const { path, args } = randomMutation(random, `${seed}/${i}/${c}`);
      const code = FUNCTIONS.get(`${path.replace(":", ".js:")}`);
      if (code?.kind !== "mutation" || path === "fail:afterWriting") continue;
      await server.engine.transact({ source: path }, (tx) => {
        convexToJson(code.run(tx, args, () => null));
      });
      commits++;
      for (const client of clients) if (random.chance(0.2)) client.act();
      // Some commits find the clients in the middle of the transition to the last one.
      if (random.chance(0.4)) for (let steps = random.integer(5); steps > 0; steps--) await world.step();
    }
    if (random.chance(0.7)) await quiet();
  }
  await quiet();
  if (trouble !== null) throw trouble;
  const { transitions, results } = server.counts;
  for (const client of clients) client.leave();
  server.kill();
  return { commits, transitions, results };
}

/** A client that only knows the wire. */
class RawClient implements ServerEnd {
  readonly #world: World;
  readonly #server: SimulatedServer;
  readonly #random: SeededRandom;
  readonly #listener: ServerListener;
  /** What it mostly asks for. */
  readonly pool: readonly ReturnType<typeof randomQuery>[];
  readonly #queries: number[] = [];
  #nextQuery = 0;
  #querySet = 0;
  #identity = 0;
  #seen = { querySet: 0, identity: 0 };

  constructor(world: World, server: SimulatedServer, pool: RawClient["pool"]) {
    this.#world = world;
    this.#server = server;
    this.pool = pool;
    this.#random = world.random.fork();
    this.#listener = server.connect(this);
    this.#say({
      type: "Connect",
      sessionId: "00000000-0000-4000-8000-000000000000",
      connectionCount: 0,
      lastCloseReason: "InitialConnect",
      clientTs: 0,
    });
    for (let i = 1 + this.#random.integer(4); i > 0; i--) this.#add();
  }

  #say(message: object): void {
    this.#listener.message(JSON.stringify(message));
  }

  #modify(modifications: readonly object[]): void {
    this.#say({
      type: "ModifyQuerySet",
      baseVersion: this.#querySet,
      newVersion: ++this.#querySet,
      modifications,
    });
  }

  #add(): void {
    const { path, args } = this.#random.chance(0.8)
      ? this.#random.pick(this.pool)
      : randomQuery(this.#random);
    const queryId = this.#nextQuery++;
    this.#queries.push(queryId);
    this.#modify([{ type: "Add", queryId, udfPath: path, args: [args] }]);
  }

  act(): void {
    const choice = this.#random.next();
    if (choice < 0.5 || this.#queries.length === 0) this.#add();
    else if (choice < 0.8) {
      const queryId = this.#queries.splice(this.#random.integer(this.#queries.length), 1)[0]!;
      this.#modify([{ type: "Remove", queryId }]);
    } else {
      const iat = Math.floor(this.#world.now() / 1000);
      const value = makeToken({ sub: `user ${this.#random.integer(3)}`, iat, exp: iat + 100_000 });
      this.#say({ type: "Authenticate", baseVersion: this.#identity++, tokenType: "User", value });
    }
  }

  /** Is there something that it asked for and has not got, or a commit that changed what it sees? */
  isBehind(): boolean {
    const { querySet, identity } = this.#seen;
    if (querySet !== this.#querySet || identity !== this.#identity) return true;
    return !this.#server.isCurrent(this);
  }

  send(text: string, written?: () => void): void {
    const message = JSON.parse(text) as { type: string; endVersion: { querySet: number; identity: number } };
    if (message.type === "Transition") this.#seen = message.endVersion;
    if (message.type === "AuthError" || message.type === "FatalError") throw new Error(text);
    if (written !== undefined) this.#world.defer(written, this.#server.process);
  }

  cork(): void {}

  uncork(): void {}

  close(code: number | null, reason: string): void {
    throw new Error(`The server closed the connection: ${code} ${reason}`);
  }

  leave(): void {
    this.#listener.closed();
  }
}
