/** The limit of `fanout`: `ws` sending the same bytes to every watcher, with no database behind it. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { WebSocketServer } from "ws";

const message = "x".repeat(Number(process.argv[2]));
const server = createServer();
const sockets = new WebSocketServer({ server, perMessageDeflate: false });
sockets.on("connection", (socket, request) => {
  if (request.url === "/write") {
    socket.on("message", () => {
      for (const watcher of sockets.clients) {
        if (watcher !== socket) {
          watcher.send(message);
        }
      }
      socket.send("{}");
    });
  }
});
server.listen(0, "127.0.0.1", () => {
  console.log(JSON.stringify({ url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}` }));
});
