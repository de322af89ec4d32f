import type { Process, World } from "@tandem/engine/simulation";

/** What a server does with a new connection; `null` refuses it. */
export type Accept = (socket: ServerEnd) => ServerListener | null;

/** What the network tells the server of a connection. */
export interface ServerListener {
  message(text: string): void;
  closed(): void;
}

/** A server's end of a connection. */
export interface ServerEnd {
  send(text: string, written?: () => void): void;
  cork(): void;
  uncork(): void;
  close(code: number | null, reason: string): void;
}

export interface NetworkFaults {
  /** Probability, for each message, that its connection breaks instead of delivering it. */
  readonly cut: number;
  /** Of those that break, how many do so without either end hearing of it. */
  readonly halfOpen: number;
  /** Probability that a connection cannot be made. */
  readonly refused: number;
  /** Longest delay of a message, in milliseconds. */
  readonly delay: number;
}

export const CALM: NetworkFaults = { cut: 0, halfOpen: 0, refused: 0, delay: 5 };

/**
 * WebSockets between clients and one server: each keeps the order of its messages, different ones do not. They
 * break at any message, with or without anybody hearing of it, and what was under way is lost.
 */
export class SimulatedNetwork {
  faults: NetworkFaults = CALM;
  readonly counts = { connections: 0, cuts: 0, halfOpen: 0, messages: 0 };
  readonly world: World;
  #server: { readonly process: Process; readonly accept: Accept } | null = null;
  readonly #connections = new Set<Connection>();
  /** Sees every message as it reaches a client, with the name that the client's sockets were made for. */
  delivered: (client: string, text: string, connection: object) => void = () => {};
  /** What a client threw on receiving a message. */
  clientFailed: (error: unknown) => void = () => {};

  constructor(world: World) {
    this.world = world;
  }

  /** From now on connections reach this server. */
  serve(process: Process, accept: Accept): void {
    this.#server = { process, accept };
  }

  /** The server is gone: connections break, some without a word. */
  serverDied(): void {
    this.#server = null;
    for (const connection of [...this.#connections]) connection.break();
  }

  /** The class that clients take for `WebSocket`. */
  socketClassFor(client: string): typeof WebSocket {
    const network = this;
    return class {
      onopen: ((event: unknown) => void) | null = null;
      onmessage: ((event: { data: string }) => void) | null = null;
      onclose: ((event: { code: number; reason: string }) => void) | null = null;
      onerror: ((event: unknown) => void) | null = null;
      readonly #connection: Connection;

      constructor() {
        this.#connection = new Connection(network, client, this);
      }

      send(text: string): void {
        this.#connection.toServer(text);
      }

      close(): void {
        this.#connection.closeFromClient();
      }
    } as unknown as typeof WebSocket;
  }

  get server(): { readonly process: Process; readonly accept: Accept } | null {
    return this.#server;
  }

  enter(connection: Connection): void {
    this.counts.connections++;
    this.#connections.add(connection);
  }

  leave(connection: Connection): void {
    this.#connections.delete(connection);
  }
}

interface ClientEnd {
  onopen: ((event: unknown) => void) | null;
  onmessage: ((event: { data: string }) => void) | null;
  onclose: ((event: { code: number; reason: string }) => void) | null;
}

type Direction = { readonly queue: (() => void)[]; busy: boolean };

class Connection implements ServerEnd {
  readonly #network: SimulatedNetwork;
  readonly #name: string;
  readonly #client: ClientEnd;
  #listener: ServerListener | null = null;
  #process: Process | null = null;
  /** Messages pass. */
  #whole = true;
  #clientKnows = false;
  readonly #up: Direction = { queue: [], busy: false };
  readonly #down: Direction = { queue: [], busy: false };

  constructor(network: SimulatedNetwork, name: string, client: ClientEnd) {
    this.#network = network;
    this.#name = name;
    this.#client = client;
    this.#later(() => this.#connect());
  }

  /** In a random while, in no particular order. */
  #later(run: () => void): void {
    const { world, faults } = this.#network;
    if (world.random.chance(0.6)) world.defer(run);
    else world.setTimeout(run, world.random.integer(faults.delay + 1));
  }

  /** One after another, each in its own time. */
  #inOrder(direction: Direction, run: () => void): void {
    direction.queue.push(run);
    if (direction.busy) return;
    direction.busy = true;
    const next = () => {
      direction.queue.shift()?.();
      if (direction.queue.length > 0) this.#later(next);
      else direction.busy = false;
    };
    this.#later(next);
  }

  #connect(): void {
    const { server, world, faults } = this.#network;
    if (this.#clientKnows) return;
    if (server === null || world.random.chance(faults.refused)) {
      this.#whole = false;
      this.#tellClient(1006, "");
      return;
    }
    this.#process = server.process;
    this.#listener = server.accept(this);
    this.#network.enter(this);
    this.#client.onopen?.({});
  }

  toServer(text: string): void {
    this.#inOrder(this.#up, () => {
      if (!this.#passes()) return;
      if (this.#process?.alive) this.#listener?.message(text);
    });
  }

  send(text: string, written?: () => void): void {
    if (!this.#process?.alive) return;
    if (written !== undefined) this.#network.world.defer(written, this.#process);
    this.#inOrder(this.#down, () => {
      if (!this.#passes()) return;
      this.#network.counts.messages++;
      if (this.#client.onmessage === null) return;
      try {
        this.#network.delivered(this.#name, text, this);
        this.#client.onmessage({ data: text });
      } catch (error) {
        this.#network.clientFailed(error);
      }
    });
  }

  cork(): void {}

  uncork(): void {}

  /** Does this message get through? Else the connection breaks here and now. */
  #passes(): boolean {
    if (!this.#whole) return false;
    if (!this.#network.world.random.chance(this.#network.faults.cut)) return true;
    this.break();
    return false;
  }

  break(): void {
    if (!this.#whole) return;
    this.#whole = false;
    this.#network.leave(this);
    const { world, faults, counts } = this.#network;
    counts.cuts++;
    const isSilent = world.random.chance(faults.halfOpen);
    if (isSilent) counts.halfOpen++;
    // A silent break is found by whoever waits too long: the client by its own timer, the server by its pings.
    if (isSilent) world.setTimeout(() => this.#tellServer(), 120_000, this.#process);
    else {
      this.#later(() => this.#tellServer());
      this.#later(() => this.#tellClient(1006, ""));
    }
  }

  closeFromClient(): void {
    this.#later(() => this.#tellClient(1005, ""));
    this.#inOrder(this.#up, () => {
      const passes = this.#whole;
      this.#whole = false;
      this.#network.leave(this);
      if (passes) this.#tellServer();
    });
  }

  close(code: number | null, reason: string): void {
    if (!this.#process?.alive) return;
    this.#inOrder(this.#down, () => {
      if (!this.#whole) return;
      this.#whole = false;
      this.#network.leave(this);
      this.#tellClient(code ?? 1005, reason);
    });
  }

  #tellServer(): void {
    const listener = this.#listener;
    this.#listener = null;
    if (this.#process?.alive) listener?.closed();
  }

  #tellClient(code: number, reason: string): void {
    if (this.#clientKnows) return;
    this.#clientKnows = true;
    this.#client.onclose?.({ code, reason });
  }
}
