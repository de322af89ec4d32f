import { SimulatedDisk, World } from "@tandem/engine/simulation";
import { CALM, SimulatedNetwork } from "./network.ts";
import { type Parts, SimulatedServer } from "./server.ts";
import { SimulatedClient } from "./simulated_client.ts";

export interface BackendRunFigures {
  mutations: number;
  succeeded: number;
  transitions: number;
  results: number;
  connections: number;
  cuts: number;
  halfOpen: number;
  crashes: number;
  tornWrites: number;
  failedAppends: number;
  steps: number;
}

/**
 * One seed over the whole backend half: engine, lanes, live queries and sync sessions on a disk that fails, our
 * browser clients on a network that breaks, a server that crashes and starts again. Throws what was found wrong.
 */
export async function simulateBackend(seed: number, parts: Parts): Promise<BackendRunFigures> {
  return new BackendSimulation(seed, parts).run();
}

class BackendSimulation {
  readonly #world: World;
  readonly #parts: Parts;
  readonly #disk: SimulatedDisk;
  readonly #network: SimulatedNetwork;
  readonly #clients: SimulatedClient[] = [];
  #server: SimulatedServer | null = null;
  #crashes = 0;
  #transitions = 0;
  #results = 0;
  /** The first thing that went wrong. */
  #trouble: unknown = null;

  constructor(seed: number, parts: Parts) {
    this.#world = new World(seed);
    this.#parts = parts;
    this.#disk = new SimulatedDisk(this.#world);
    this.#network = new SimulatedNetwork(this.#world);
  }

  readonly #wrong = (error: unknown): void => {
    this.#trouble ??= error;
  };

  async run(): Promise<BackendRunFigures> {
    await this.#boot();
    await this.#server!.layOut();
    this.#settleIn();
    await this.#live();
    await this.#calmDown();
    this.#checkMutations();
    for (const client of this.#clients) client.close();
    this.#countChecks();
    const asked = this.#clients.flatMap((client) => client.asked);
    return {
      mutations: asked.length,
      succeeded: asked.filter(({ outcome }) => outcome === "succeeded").length,
      transitions: this.#transitions,
      results: this.#results,
      connections: this.#network.counts.connections,
      cuts: this.#network.counts.cuts,
      halfOpen: this.#network.counts.halfOpen,
      crashes: this.#crashes,
      tornWrites: this.#disk.counts.torn,
      failedAppends: this.#disk.counts.failed,
      steps: this.#world.steps,
    };
  }

  async #boot(): Promise<void> {
    const world = this.#world;
    this.#server = await SimulatedServer.boot({
      world,
      disk: this.#disk,
      parts: this.#parts,
      wrong: this.#wrong,
      cacheBytes: world.random.pick([0, 2_000, 100_000]),
    });
    this.#server.listen(this.#network);
  }

  /** The faults of this seed, and its clients. */
  #settleIn(): void {
    const { random } = this.#world;
    this.#disk.faults = {
      full: random.pick([0, 0, 0.05]),
      lateReads: 0,
      longestWrite: random.pick([0, 3, 8]),
    };
    this.#network.faults = {
      cut: random.pick([0, 0.01, 0.05]),
      halfOpen: random.pick([0, 0.3]),
      refused: random.pick([0, 0.2]),
      delay: random.pick([5, 200, 2000]),
    };
    const byName = new Map<string, SimulatedClient>();
    this.#network.delivered = (name, text) => byName.get(name)?.delivered(text);
    this.#network.clientFailed = this.#wrong;
    for (let i = 1 + random.integer(4); i > 0; i--) {
      const client = new SimulatedClient({
        name: `client ${i}`,
        world: this.#world,
        network: this.#network,
        parts: this.#parts,
        wrong: this.#wrong,
      });
      byName.set(client.name, client);
      this.#clients.push(client);
      client.live(5 + random.integer(15)).catch(this.#wrong);
    }
  }

  /** Until everybody has done what they wanted: servers crash and come back. */
  async #live(): Promise<void> {
    const { random } = this.#world;
    let crashesLeft = random.integer(4);
    while (!this.#clients.every(({ isDone }) => isDone)) {
      this.#check();
      if (crashesLeft > 0 && this.#server !== null && random.chance(0.006)) {
        crashesLeft--;
        await this.#world.step({ after: random.integer(15), run: () => this.#crash() });
        continue;
      }
      await this.#step();
    }
  }

  #crash(): void {
    this.#crashes++;
    this.#countChecks();
    this.#server!.kill();
    this.#server = null;
    this.#network.serverDied();
    this.#disk.crash();
    this.#world.setTimeout(() => {
      this.#boot().catch(this.#wrong);
    }, this.#world.random.integer(10_000));
  }

  #countChecks(): void {
    const counts = this.#server?.counts;
    this.#transitions += counts?.transitions ?? 0;
    this.#results += counts?.results ?? 0;
  }

  async #step(): Promise<void> {
    if (!(await this.#world.step())) throw new Error("Everybody waits, and nothing will happen any more.");
    if (this.#world.steps > 200_000) throw new Error(`It does not come to an end: ${this.#differences()}`);
  }

  #check(): void {
    if (this.#trouble !== null) throw this.#trouble;
  }

  /** No more faults: everybody has to see the same truth before long. */
  async #calmDown(): Promise<void> {
    this.#network.faults = CALM;
    this.#disk.faults = { full: 0, lateReads: 0, longestWrite: 3 };
    const last = this.#world.steps + 20_000;
    for (;;) {
      this.#check();
      const differences = this.#differences();
      if (differences.length === 0) return;
      if (this.#world.steps > last) {
        throw new Error(`The clients do not converge:\n${differences.join("\n")}`);
      }
      for (let i = 0; i < 50; i++) {
        await this.#step();
        this.#check();
      }
    }
  }

  #differences(): string[] {
    const server = this.#server;
    if (server === null) return ["The server is down."];
    const { durable } = server.engine;
    const differences: string[] = [];
    for (const client of this.#clients) {
      differences.push(
        ...client.differences((path, args, identity) => server.fresh(path, args, identity, durable)),
      );
    }
    return differences;
  }

  /** Exactly once for whom it was confirmed, not at all for whom it was refused, never twice. */
  #checkMutations(): void {
    const applied = this.#server!.applied();
    for (const { token, outcome, path } of this.#clients.flatMap((client) => client.asked)) {
      const times = applied.get(token) ?? 0;
      const expected = outcome === "succeeded" ? 1 : 0;
      if (times !== expected) {
        throw new Error(`${path} of ${token} has ${outcome}, but was applied ${times} times.`);
      }
    }
  }
}
