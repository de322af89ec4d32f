import type { DatabaseHost } from "../database_thread/index.ts";
import type { Engine, LaneNews, LanePort } from "../engine.ts";
import type { IndexId } from "../log/commit.ts";
import type { CatalogImage } from "../tables/catalog_image.ts";
import type { LaneView } from "../transaction/lane_view.ts";
import type { Anomaly } from "./checkers/anomaly.ts";
import { checkHistory } from "./checkers/serialisability.ts";
import { SubscriptionCheck } from "./checkers/subscription_check.ts";
import { SimulatedDisk } from "./disk.ts";
import { History, type OpenTransaction } from "./history.ts";
import { type Fixture, layOut, ProgramRun, randomProgram } from "./workload.ts";
import { Process, World } from "./world.ts";

/** The engine under test: the product's, or one with a planted bug. */
export type EngineModule = Pick<
  typeof import("../index.ts"),
  "openEngine" | "openEngineOver" | "DatabaseHost" | "RemoteDatabase" | "LaneView"
>;

export interface EngineRunFigures {
  transactions: number;
  committed: number;
  conflicts: number;
  crashes: number;
  tornWrites: number;
  failedAppends: number;
  catalogChanges: number;
  subscriptionChecks: number;
  steps: number;
}

export interface EngineRun {
  readonly anomalies: readonly Anomaly[];
  readonly figures: EngineRunFigures;
}

interface Node {
  readonly number: number;
  readonly engine: Engine;
  /** When the database has a thread of its own: its end there. Lanes are opened on it. */
  readonly host: DatabaseHost | null;
  /** Tells something in the engine's thread, in the order of all that the database tells it. */
  readonly tell: (news: () => void) => void;
  readonly process: Process;
  readonly persistence: ReturnType<SimulatedDisk["open"]>;
}

/** Milliseconds; snapshots stay readable for longer. */
const LONGEST_QUERY = 30_000;

const REFUSALS = new Set([
  "ConflictError",
  "StoreFailedError",
  "EngineClosedError",
  "DatabaseError",
  "OutOfRetentionError",
]);

/**
 * One seed over the engine's public face: host transactions, write lanes and watchers on one or two nodes,
 * catalog changes, a disk that fails, and crashes. Answers what the checkers find.
 */
export async function simulateEngine(seed: number, module: EngineModule): Promise<EngineRun> {
  return new EngineSimulation(seed, module).run();
}

class EngineSimulation {
  readonly #world: World;
  readonly #module: EngineModule;
  readonly #disk: SimulatedDisk;
  readonly #history = new History();
  readonly #subscriptions: SubscriptionCheck;
  readonly #figures: EngineRunFigures = {
    transactions: 0,
    committed: 0,
    conflicts: 0,
    crashes: 0,
    tornWrites: 0,
    failedAppends: 0,
    catalogChanges: 0,
    subscriptionChecks: 0,
    steps: 0,
  };
  /** Milliseconds of virtual time. */
  readonly #began = new WeakMap<OpenTransaction, number>();
  #fixture: Fixture = { ids: new Map() };
  #nodes: Node[] = [];
  /** Actors of the present lives that have not come to their end. */
  #busy = 0;
  #trouble: unknown = null;

  constructor(seed: number, module: EngineModule) {
    this.#world = new World(seed);
    this.#module = module;
    this.#disk = new SimulatedDisk(this.#world);
    this.#subscriptions = new SubscriptionCheck(this.#disk);
  }

  async run(): Promise<EngineRun> {
    const { random } = this.#world;
    await this.#setUp();
    const nodes = random.chance(0.25) ? 2 : 1;
    const lives = random.pick([1, 1, 2, 3]);
    for (let life = 1; life <= lives; life++) await this.#live(nodes, life < lives);
    // A last life without faults: what it reads is what everything has left.
    this.#disk.faults = { full: 0, lateReads: 0, longestWrite: 0 };
    await this.#boot(1);
    await this.#lookAtEverything();
    if (this.#trouble !== null) throw this.#trouble;
    const { transactions } = this.#history;
    const anomalies = [...checkHistory(this.#history, this.#disk.commits), ...this.#subscriptions.anomalies];
    this.#figures.transactions = transactions.length;
    this.#figures.committed = transactions.filter(({ ending }) => ending.kind === "committed").length;
    this.#figures.tornWrites = this.#disk.counts.torn;
    this.#figures.failedAppends = this.#disk.counts.failed;
    this.#figures.subscriptionChecks = this.#subscriptions.count;
    this.#figures.steps = this.#world.steps;
    return { anomalies, figures: this.#figures };
  }

  async #setUp(): Promise<void> {
    await this.#boot(1);
    const record = this.#history.begin("setting up");
    const laying = this.#nodes[0]!.engine.transact({ source: "setting up" }, (tx) => {
      record.restart();
      return layOut(tx, this.#history, record);
    });
    const { value: ids, ts } = await this.#drive(laying);
    this.#history.end(record, { kind: "committed", ts });
    this.#fixture = { ids };
    this.#killAll();
  }

  /** Opens the engine on every node. */
  async #boot(nodes: number): Promise<void> {
    this.#nodes = [];
    for (let number = 0; number < nodes; number++) {
      const process = new Process(this.#world);
      const node = await this.#drive(this.#open(number, process));
      this.#nodes.push(node);
      this.#subscriptions.attach(node.engine, process);
    }
  }

  /** Lets the world go on until `work` is done. */
  async #drive<T>(work: Promise<T>): Promise<T> {
    let isDone = false;
    const done = () => {
      isDone = true;
    };
    work.then(done, done);
    await Promise.resolve();
    while (!isDone && this.#trouble === null) {
      if (!(await this.#world.step())) await new Promise((resolve) => setImmediate(resolve));
    }
    if (this.#trouble !== null) throw this.#trouble;
    return work;
  }

  async #open(number: number, process: Process): Promise<Node> {
    const persistence = this.#disk.open(process);
    const { random } = this.#world;
    const settings = {
      clock: this.#world,
      random: random.fork(),
      timers: process.timers,
      fatal: (error: unknown) => {
        if (process.alive) this.#trouble ??= error;
      },
    };
    if (random.chance(0.5)) {
      const engine = await this.#module.openEngine({ ...settings, persistence });
      return { number, engine, host: null, tell: (news) => news(), process, persistence };
    }
    // Two threads: what they say to each other comes late, and in order.
    const tell = inOrder(process);
    const ask = inOrder(process);
    const { clock, timers } = settings;
    const host = await this.#module.DatabaseHost.open({
      persistence,
      clock,
      timers,
      window: 10_000_000,
      tell: (message) => tell(() => remote.take(message)),
    });
    const reads = {
      head: () => persistence.head(),
      get: persistence.get.bind(persistence),
      scan: persistence.scan.bind(persistence),
      tail: persistence.tail.bind(persistence),
      close: () => {},
    };
    const remote = new this.#module.RemoteDatabase(
      reads,
      (message) => ask(() => host.take(message)),
      async () => {},
    );
    const engine = await this.#module.openEngineOver(settings, remote.store, remote.openCommits);
    return { number, engine, host, tell, process, persistence };
  }

  #killAll(): void {
    for (const { process } of this.#nodes) process.kill();
    this.#subscriptions.forgetAll();
    this.#disk.crash();
    this.#busy = 0;
  }

  /** From one start of the servers to their crash, or until nobody wants anything any more. */
  async #live(nodes: number, endsInCrash: boolean): Promise<void> {
    const { random } = this.#world;
    this.#disk.faults = {
      full: random.pick([0, 0, 0.1, 0.3]),
      lateReads: random.pick([0, 0, 0.2]),
      longestWrite: random.pick([0, 2, 6]),
    };
    await this.#boot(nodes);
    for (const node of this.#nodes) {
      for (let i = 1 + random.integer(4); i > 0; i--) this.#act(node, (me) => this.#host(me, `host ${i}`));
      for (let i = random.integer(3); i > 0; i--) this.#act(node, (me) => this.#lane(me, `lane ${i}`));
      for (let i = random.integer(3); i > 0; i--) this.#act(node, (me) => this.#watcher(me));
      if (random.chance(0.5)) this.#act(node, (me) => this.#migrations(me));
    }
    const last = endsInCrash ? 5 + random.integer(150) : Number.POSITIVE_INFINITY;
    for (let i = 0; this.#trouble === null; i++) {
      if (random.chance(0.001)) this.#world.skip(random.integer(15_000));
      // Long enough for old versions to go. A second node that stood still meanwhile would read what is gone.
      if (nodes === 1 && random.chance(0.0005)) this.#world.skip(100_000);
      if (i >= last) {
        const isOver = await this.#crash();
        if (isOver) return;
      }
      if (i > 50_000) throw new Error("The actors do not come to an end.");
      const moved = await this.#world.step();
      if (this.#busy === 0) break;
      if (!moved && this.#busy > 0) throw new Error("Everybody waits, and nothing will happen any more.");
    }
    if (this.#trouble !== null) throw this.#trouble;
    this.#killAll();
  }

  async #crash(): Promise<boolean> {
    this.#figures.crashes++;
    const after = this.#world.random.integer(12);
    await this.#world.step({ after, run: () => this.#killAll() });
    return true;
  }

  /** Runs an actor until it ends, or its server dies. What it throws ends the run. */
  #act(node: Node, actor: (node: Node) => Promise<void>): void {
    this.#busy++;
    actor(node).then(
      () => {
        if (node.process.alive) this.#busy--;
      },
      (error: unknown) => {
        if (node.process.alive) this.#trouble ??= error;
      },
    );
  }

  #program(db: ConstructorParameters<typeof ProgramRun>[0]["db"], record: OpenTransaction): ProgramRun {
    const { random } = this.#world;
    return new ProgramRun({ db, fixture: this.#fixture, history: this.#history, record, random });
  }

  /** A client that was refused knows that nothing happened; anything else it may hear is a fault of ours. */
  #refused(node: Node, record: OpenTransaction, error: unknown): void {
    if (!node.process.alive) return;
    if (!(error instanceof Error) || !REFUSALS.has(error.name)) throw error;
    this.#history.end(record, { kind: "failed" });
  }

  #committed(node: Node, record: OpenTransaction, ts: number): void {
    if (!node.process.alive) return;
    const isReading = record.operations.every(({ kind }) => kind === "read" || kind === "predicate");
    // Nobody waits so long for a query that retention takes its snapshot away: it was given up before.
    const isGivenUp = isReading && this.#world.now() - this.#began.get(record)! > LONGEST_QUERY;
    this.#history.end(record, isGivenUp ? { kind: "failed" } : { kind: "committed", ts });
  }

  #begin(name: string, node: Node): OpenTransaction {
    const record = this.#history.begin(name, node.number);
    this.#began.set(record, this.#world.now());
    return record;
  }

  async #host(node: Node, name: string): Promise<void> {
    const { random } = this.#world;
    const { engine, process } = node;
    for (let i = 2 + random.integer(6); i > 0; i--) {
      await process.pause();
      const record = this.#begin(name, node);
      const program = randomProgram(random, { readOnly: random.chance(0.25) });
      try {
        if (random.chance(0.2)) {
          // A query: on one snapshot from beginning to end, however long it takes.
          const readOnly = randomProgram(random, { readOnly: true });
          const snapshot = engine.snapshot();
          await this.#program(snapshot, record).run(readOnly, () => process.pause());
          this.#committed(node, record, snapshot.at);
          continue;
        }
        let attempts = 0;
        const { ts } = await engine.transact({ source: name }, (tx) => {
          if (attempts++ > 0) this.#figures.conflicts++;
          return this.#program(tx, record).run(program, () => process.pause());
        });
        this.#committed(node, record, ts);
      } catch (error) {
        this.#refused(node, record, error);
      }
    }
  }

  /** A write lane that does not wait for the disk before it goes on. */
  async #lane(node: Node, name: string): Promise<void> {
    const { random } = this.#world;
    const { process, persistence, host } = node;
    const database = host ?? node.engine;
    const view: LaneView = new this.#module.LaneView(persistence, {
      durable: database.durable,
      catalog: database.catalog as CatalogImage,
    });
    const port: LanePort = database.openLane((news: LaneNews) => {
      if (process.alive) view.apply(news);
    });
    const jobs: { record: OpenTransaction; program: ReturnType<typeof randomProgram> }[] = [];
    let fresh = 3 + random.integer(8);
    let kept = 0;
    let flying = 0;
    while (fresh > 0 || kept > 0 || jobs.length > 0 || flying > 0) {
      if (fresh > 0 && jobs.length === 0) {
        fresh--;
        const record = this.#begin(name, node);
        const job = { record, program: randomProgram(random, { readOnly: random.chance(0.15) }) };
        kept++;
        const begin = () => {
          kept--;
          jobs.push(job);
        };
        if (host === null) begin();
        else host.whenFree(begin);
      }
      if (flying > 3 || jobs.length === 0 || random.chance(0.3)) {
        await process.pause();
        if (flying > 3) continue;
      }
      const job = jobs.shift();
      if (job === undefined) continue;
      const { record, program } = job;
      const tx = view.begin({ begin: this.#world.nowMicroseconds(), random });
      try {
        await this.#program(tx, record).run(program, () => process.pause());
      } catch (error) {
        view.abandon();
        host?.ended();
        this.#refused(node, record, error);
        continue;
      }
      const again = job;
      flying++;
      port.submit(view.finish(tx)).then(
        (outcome) => {
          flying--;
          if (outcome.kind === "committed") {
            host?.ended();
            node.tell(() => this.#committed(node, record, outcome.ts));
          } else {
            this.#figures.conflicts++;
            jobs.push(again);
          }
        },
        (error: unknown) => {
          flying--;
          host?.ended();
          try {
            this.#refused(node, record, error);
          } catch (strange) {
            this.#trouble ??= strange;
          }
        },
      );
    }
    port.close();
  }

  /** A live query: runs, subscribes to what it read, and runs again when it is told. */
  async #watcher(node: Node): Promise<void> {
    const { random } = this.#world;
    const low = random.integer(5);
    const high = low + 1 + random.integer(6 - low);
    for (let i = 3 + random.integer(6); i > 0; i--) {
      await node.process.pause();
      const held = await this.#subscriptions.watch(node.engine, node.process, random.fork(), low, high);
      // Not for ever: a subscription that nobody ends must not keep the run from its end.
      for (let waits = random.integer(20); waits > 0 && held.isCurrent; waits--) await node.process.pause();
      held.cancel();
    }
  }

  /** Adds an index beside the running transactions, fills it, opens it for reading, and drops it again. */
  async #migrations(node: Node): Promise<void> {
    const { random } = this.#world;
    const { engine, process } = node;
    const change = async <T>(body: Parameters<typeof engine.transact<T>>[1]): Promise<T | null> => {
      try {
        const { value } = await engine.transact({ source: "migration", system: true }, body);
        this.#figures.catalogChanges++;
        return value;
      } catch (error) {
        if (!(error instanceof Error) || !REFUSALS.has(error.name)) throw error;
        return null;
      }
    };
    for (let i = 1 + random.integer(3); i > 0; i--) {
      await process.pause();
      if (random.chance(0.4)) {
        const name = `extra_${random.integer(1000)}`;
        await change((tx) => tx.insert(name, { note: "a table by its first document" }));
        continue;
      }
      const id = await change((tx): IndexId => {
        const present = tx.catalog.index("", "rows", "by_place_and_value");
        if (present !== null) return present.id;
        const fields = ["place", "v"];
        return tx.editor.addIndex({
          namespace: "",
          table: "rows",
          name: "by_place_and_value",
          fields,
          staged: false,
        }).id;
      });
      if (id === null) continue;
      await process.pause();
      try {
        if (!(await engine.backfill(id))) continue;
      } catch (error) {
        if (!(error instanceof Error) || !["StoreError", ...REFUSALS].includes(error.name)) throw error;
        continue;
      }
      await process.pause();
      await change((tx) => {
        const index = tx.catalog.indexById(id);
        if (index?.state === "ready") tx.editor.setIndexState(id, "enabled");
      });
      for (let waits = random.integer(15); waits > 0; waits--) await process.pause();
      if (random.chance(0.5)) continue;
      await change((tx) => {
        if (tx.catalog.indexById(id) !== null) tx.editor.dropIndex(id);
      });
    }
  }

  async #lookAtEverything(): Promise<void> {
    const node = this.#nodes[0]!;
    for (let i = 0; i < 3; i++) {
      const record = this.#history.begin("looking back");
      const snapshot = node.engine.snapshot();
      const steps = [
        { kind: "read register" as const, index: 0 },
        { kind: "read register" as const, index: 1 },
        { kind: "read register" as const, index: 2 },
        { kind: "read list" as const, index: 0 },
        { kind: "read list" as const, index: 1 },
        { kind: "look" as const, low: 0, high: 6 },
      ];
      await this.#program(snapshot, record).run({ steps, pauses: 0 }, () => node.process.pause());
      this.#history.end(record, { kind: "committed", ts: snapshot.at });
    }
  }
}

/** Hands over what it is given later, in the order it was given. */
function inOrder(process: Process): (step: () => void) => void {
  const waiting: (() => void)[] = [];
  return (step) => {
    waiting.push(step);
    process.timers.setImmediate(() => waiting.shift()!());
  };
}
