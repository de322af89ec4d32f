/** The limit of `query`: `ws` that parses a message as JSON and answers one like a query's result. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { WebSocketServer } from "ws";

const server = createServer();
new WebSocketServer({ server, perMessageDeflate: false }).on("connection", (socket) => {
  socket.on("message", (data) => {
    const message = JSON.parse((data as Buffer).toString("utf8")) as { modifications: { queryId: number }[] };
    socket.send(
      JSON.stringify({
        type: "Transition",
        startVersion: { querySet: 1, identity: 0, ts: "AMBIwyPk3Bc=" },
        endVersion: { querySet: 2, identity: 0, ts: "AMBIwyPk3Bc=" },
        modifications: message.modifications.map(({ queryId }) => ({
          queryId,
          value: 1000,
          logLines: [],
          journal: null,
        })),
        clientClockSkew: null,
        serverTs: Date.now() * 1e6,
      }),
    );
  });
});
server.listen(0, "127.0.0.1", () => {
  console.log(JSON.stringify({ url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}` }));
});
