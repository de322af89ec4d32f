import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** Listens on `port` (0: any free one) and answers the server. Throws in plain words when the port cannot be had. */
export function listen(
  handler: RequestListener,
  options: { host: string; port: number; purpose: string; option: string },
): Promise<Server> {
  const server = createServer(handler);
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const { host, port, purpose, option } = options;
      if (error.code === "EADDRINUSE") {
        reject(
          new Error(
            `Port ${port} on ${host} is taken, so the ${purpose} cannot listen there. Stop the program that has it, ` +
              `or choose another port with ${option} (0 takes any free one).`,
          ),
        );
      } else if (error.code === "EACCES") {
        reject(
          new Error(
            `Port ${port} on ${host} may not be used by this user. Choose one above 1023 with ${option}.`,
          ),
        );
      } else {
        reject(
          new Error(`The ${purpose} cannot listen on ${host}:${port}: ${error.message}`, { cause: error }),
        );
      }
    });
    server.listen(options.port, options.host, () => {
      server.removeAllListeners("error");
      resolve(server);
    });
  });
}

export function urlOf(server: Server, host: string): string {
  const { port } = server.address() as AddressInfo;
  const shown = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host;
  return `http://${shown.includes(":") ? `[${shown}]` : shown}:${port}`;
}

/** Resolves when the last connection has ended; connections that idle are ended at once. */
export function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
