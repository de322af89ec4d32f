import type { OptimisticLocalStore } from "@tandem/convex/browser";
import type { FunctionReference } from "@tandem/convex/server";
import type { SeededRandom, World } from "@tandem/engine/simulation";
import { decodeTs } from "@tandem/protocol";
import type { Value } from "@tandem/values";
import { ACCOUNTS, COUNTERS, TOTAL_BALANCE } from "./functions.ts";
import type { SimulatedNetwork } from "./network.ts";
import { makeToken, type Parts } from "./server.ts";

type Arguments = Record<string, Value>;

interface Subscribed {
  readonly path: string;
  readonly args: Arguments;
  readonly unsubscribe: () => void;
}

/** A mutation and what its caller has heard of it. */
export interface Asked {
  readonly token: string;
  readonly path: string;
  outcome: "waiting" | "succeeded" | "failed";
}

const CHANNELS = ["general", "random"];

export function randomQuery(random: SeededRandom): { path: string; args: Arguments } {
  switch (random.integer(9)) {
    case 0:
    case 1:
      return { path: "counters:get", args: { name: random.pick(COUNTERS) } };
    case 2:
      return {
        path: "counters:range",
        args: {
          low: random.pick(["", ...COUNTERS]),
          high: random.pick([null, ...COUNTERS]),
          order: random.pick(["asc", "desc"]),
          limit: 1 + random.integer(5),
        },
      };
    case 3:
      return { path: "counters:even", args: { name: random.pick(COUNTERS) } };
    case 4:
      return { path: "messages:list", args: { channel: random.pick(CHANNELS) } };
    case 5:
      return {
        path: "messages:latest",
        args: { channel: random.pick(CHANNELS), count: 1 + random.integer(3) },
      };
    case 6:
      return { path: "accounts:total", args: {} };
    case 7:
      return random.chance(0.4)
        ? { path: "who:me", args: {} }
        : { path: "who:mine", args: { name: random.pick(COUNTERS) } };
    default:
      return { path: "late:list", args: {} };
  }
}

export function randomMutation(random: SeededRandom, token: string): { path: string; args: Arguments } {
  switch (random.integer(8)) {
    case 0:
    case 1:
    case 2:
      return {
        path: "counters:add",
        args: { token, name: random.pick(COUNTERS), by: 1 + random.integer(3) },
      };
    case 3:
      return { path: "counters:remove", args: { token, name: random.pick(COUNTERS) } };
    case 4:
      return {
        path: "accounts:transfer",
        args: { token, from: random.pick(ACCOUNTS), to: random.pick(ACCOUNTS), amount: random.integer(50) },
      };
    case 5:
      return random.chance(0.5)
        ? { path: "late:add", args: { token } }
        : { path: "fail:afterWriting", args: { token } };
    default:
      return { path: "messages:send", args: { token, channel: random.pick(CHANNELS) } };
  }
}

/** A client of ours with somebody at it who does things at random, and believes what it shows. */
export class SimulatedClient {
  readonly name: string;
  readonly asked: Asked[] = [];
  /** The script is over; mutations may still wait. */
  isDone = false;
  readonly #world: World;
  readonly #random: SeededRandom;
  readonly #client: InstanceType<Parts["BaseConvexClient"]>;
  readonly #subscribed: Subscribed[] = [];
  readonly #wrong: (error: unknown) => void;
  #newest = 0n;

  constructor(options: {
    readonly name: string;
    readonly world: World;
    readonly network: SimulatedNetwork;
    readonly parts: Parts;
    readonly wrong: (error: unknown) => void;
  }) {
    const { name, world, network, parts, wrong } = options;
    const random = world.random.fork();
    this.name = name;
    this.#world = world;
    this.#random = random;
    this.#wrong = wrong;
    this.#client = new parts.BaseConvexClient("http://simulation", () => this.#looked(), {
      webSocketConstructor: network.socketClassFor(name),
      logger: false,
      environment: {
        now: () => world.now(),
        setTimeout: (run, milliseconds) => world.setTimeout(run, milliseconds),
        clearTimeout: (timer) => world.clearTimeout(timer),
        random: () => random.next(),
        randomUUID: () => uuid(random),
        page: undefined,
      },
    });
  }

  /** A transition has reached it: it must never be of an earlier time than one before. */
  delivered(text: string): void {
    const message = JSON.parse(text) as { type: string; endVersion?: { ts: string } };
    if (message.type !== "Transition") return;
    const ts = decodeTs(message.endVersion!.ts);
    if (ts < this.#newest) {
      throw new Error(`${this.name} was shown the state at ${ts} after that at ${this.#newest}.`);
    }
    this.#newest = ts;
  }

  /** What it shows of sums must be whole, whatever else goes on. */
  #looked(): void {
    const total = this.#client.localQueryResult("accounts:total", {});
    if (total === undefined || total === TOTAL_BALANCE) return;
    this.#wrong(new Error(`${this.name} shows accounts that hold ${total} together.`));
  }

  async live(actions: number): Promise<void> {
    for (let i = 0; i < actions; i++) {
      for (let waits = this.#random.integer(12); waits > 0; waits--) await this.#world.pause();
      if (this.#random.chance(0.1)) await this.#rest();
      this.#act(i);
    }
    this.isDone = true;
  }

  #rest(): Promise<void> {
    return new Promise((resolve) => this.#world.setTimeout(resolve, this.#random.integer(30_000)));
  }

  #act(i: number): void {
    const random = this.#random;
    const choice = random.next();
    if (choice < 0.3 || this.#subscribed.length === 0) {
      const { path, args } = randomQuery(random);
      this.#subscribed.push({ path, args, ...this.#client.subscribe(path, args) });
    } else if (choice < 0.4) {
      const at = random.integer(this.#subscribed.length);
      this.#subscribed.splice(at, 1)[0]!.unsubscribe();
    } else if (choice < 0.47) {
      if (random.chance(0.7)) this.#signIn(`user ${random.integer(3)}`);
      else this.#client.clearAuth();
    } else {
      void this.#mutate(`${this.name}/${i}`);
    }
  }

  #signIn(sub: string): void {
    this.#client.setAuth(
      async () => {
        if (this.#random.chance(0.5)) await this.#world.pause();
        if (this.#random.chance(0.05)) return null;
        const iat = Math.floor(this.#world.now() / 1000);
        const exp = iat + 15 + this.#random.integer(600);
        return makeToken({ sub, iat, exp, refused: this.#random.chance(0.1) });
      },
      () => {},
    );
  }

  async #mutate(token: string): Promise<void> {
    const { path, args } = randomMutation(this.#random, token);
    const asked: Asked = { token, path, outcome: "waiting" };
    this.asked.push(asked);
    const isOptimistic = this.#random.chance(0.5);
    const running = this.#client.mutation(
      path,
      args,
      isOptimistic ? { optimisticUpdate: optimisticUpdate(path) } : {},
    );
    if (isOptimistic) this.#expectShown(path, args);
    try {
      await running;
      asked.outcome = "succeeded";
      // Its own writes are in what it shows from this moment on.
      this.#expectShown(path, args);
    } catch (error) {
      asked.outcome = "failed";
      if (path !== "fail:afterWriting") this.#wrong(error);
    }
  }

  #expectShown(path: string, { channel, token }: Arguments): void {
    if (path !== "messages:send") return;
    const list = this.#client.localQueryResult("messages:list", { channel: channel! }) as
      | string[]
      | undefined;
    if (list === undefined || list.includes(token as string)) return;
    this.#wrong(new Error(`${this.name} does not show its own message ${token}: ${list}.`));
  }

  /** Who it says it is. */
  get #identity(): { subject: string } | null {
    const claims = this.#client.getCurrentAuthClaims();
    return claims === undefined ? null : { subject: claims.decoded.sub as string };
  }

  /** What it shows that is not the truth as `fresh` tells it; empty when it has caught up. */
  differences(fresh: (path: string, args: string, identity: { subject: string } | null) => string): string[] {
    const differences: string[] = [];
    for (const { path, args } of this.#subscribed) {
      const expected = fresh(path, JSON.stringify(args), this.#identity);
      const shown = this.#shown(path, args);
      if (shown !== expected)
        differences.push(`${this.name}: ${path} ${JSON.stringify(args)}: ${shown}, not ${expected}`);
    }
    for (const { token, outcome } of this.asked) {
      if (outcome === "waiting") differences.push(`${this.name}: ${token} is still waiting`);
    }
    return differences;
  }

  #shown(path: string, args: Arguments): string {
    try {
      const value = this.#client.localQueryResult(path, args);
      return value === undefined ? "loading" : `=${JSON.stringify(value)}`;
    } catch {
      return "!";
    }
  }

  close(): void {
    void this.#client.close();
  }
}

function optimisticUpdate(path: string): (store: OptimisticLocalStore, args: Arguments) => void {
  return (store, args) => {
    if (path === "messages:send") {
      const query = reference("messages:list");
      const current = store.getQuery(query, { channel: args.channel }) as Value[] | undefined;
      if (current !== undefined) store.setQuery(query, { channel: args.channel }, [...current, args.token!]);
    }
    if (path === "counters:add") {
      const query = reference("counters:get");
      const current = store.getQuery(query, { name: args.name }) as number | null | undefined;
      if (typeof current === "number") {
        store.setQuery(query, { name: args.name }, current + (args.by as number));
      }
    }
  };
}

function reference(name: string): FunctionReference<"query"> {
  return name as unknown as FunctionReference<"query">;
}

function uuid(random: SeededRandom): string {
  const hex = Buffer.from(random.bytes(16)).toString("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
}
