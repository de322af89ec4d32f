import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** A stretch of network between a client and the server that a test can cut. */
export interface TcpProxy extends AsyncDisposable {
  /** The server's address by way of the proxy. */
  readonly url: string;
  /** Connections that have been made so far. */
  readonly connections: number;
  /** From now on nothing of the server's reaches clients over the connections that are open. */
  holdAnswers(): void;
  /** Breaks all connections, without a farewell. New ones are let through. */
  cut(): void;
  /** Breaks all connections and refuses new ones until `repair`. */
  interrupt(): void;
  repair(): void;
}

/** Puts a proxy before a server. */
export async function tcpProxy(target: string): Promise<TcpProxy> {
  const { hostname, port } = new URL(target);
  const pairs = new Set<{ client: Socket; server: Socket }>();
  let connections = 0;
  let refusing = false;
  const listener = createServer((client) => {
    if (refusing) {
      client.resetAndDestroy();
      return;
    }
    connections += 1;
    const server = connect(Number(port), hostname);
    const pair = { client, server };
    pairs.add(pair);
    const end = () => {
      pairs.delete(pair);
      client.destroy();
      server.destroy();
    };
    for (const socket of [client, server]) {
      socket.setNoDelay(true);
      socket.on("error", end);
      socket.on("close", end);
    }
    client.pipe(server);
    server.pipe(client);
  });
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  const cut = () => {
    for (const { client, server } of [...pairs]) {
      client.resetAndDestroy();
      server.destroy();
    }
  };
  return {
    url: `http://127.0.0.1:${(listener.address() as AddressInfo).port}`,
    get connections() {
      return connections;
    },
    holdAnswers() {
      for (const { client, server } of pairs) {
        server.unpipe(client);
        server.resume();
      }
    },
    cut,
    interrupt() {
      refusing = true;
      cut();
    },
    repair() {
      refusing = false;
    },
    async [Symbol.asyncDispose]() {
      cut();
      await new Promise((resolve) => listener.close(resolve));
    },
  };
}
