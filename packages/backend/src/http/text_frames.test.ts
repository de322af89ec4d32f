import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { TextFrames } from "./text_frames.ts";

let server: ReturnType<typeof createServer>;
let client: WebSocket;
let stream: Duplex;
let frames: TextFrames;
let received: string[];

/** A real client on the other end of a real connection. */
beforeEach(async () => {
  server = createServer();
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  const accepted = new Promise<Duplex>((resolve) => {
    server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) =>
      sockets.handleUpgrade(request, socket, head, () => resolve(socket)),
    );
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`, { maxPayload: 2 ** 30 });
  received = [];
  client.on("message", (data, isBinary) => {
    expect(isBinary).toBe(false);
    received.push((data as Buffer).toString("utf8"));
  });
  stream = await accepted;
  await once(client, "open");
  frames = new TextFrames(stream);
});

afterEach(() => {
  client.terminate();
  stream.destroy();
  server.close();
});

async function arrived(count: number): Promise<void> {
  while (received.length < count) {
    await once(client, "message");
  }
}

describe("text frames", () => {
  it("carry texts of every length and alphabet", async () => {
    const lengths = [0, 1, 125, 126, 127, 16_384, 16_385, 65_535, 65_536, 3_000_000];
    const texts = ["x", "é", "€", "💚", "\u0080"].flatMap((letter) =>
      lengths.map((length) => letter.repeat(length)),
    );
    for (const text of texts) {
      frames.send(text);
    }
    await arrived(texts.length);
    expect(received.map((text, i) => text === texts[i])).toEqual(texts.map(() => true));
  });

  it("leave together between cork and uncork, in order, whatever they are", async () => {
    const texts = ["first", "zweit€ns", "long ".repeat(10_000), "last"];
    frames.cork();
    frames.send(texts[0]!);
    frames.send(texts[1]!);
    expect(stream.writableLength).toBe(0);
    frames.send(texts[2]!);
    frames.send(texts[3]!);
    frames.uncork();
    await arrived(texts.length);
    expect(received).toEqual(texts);
  });

  it("are told written when the system has taken them, not when they wait", async () => {
    const told: string[] = [];
    frames.send("small", () => told.push("small"));
    expect(told).toEqual(["small"]);
    client.pause();
    const large = "x".repeat(50_000_000);
    frames.send(large, () => told.push("large"));
    frames.send("behind it", () => told.push("behind it"));
    expect(told).toEqual(["small"]);
    expect(stream.writableLength).toBeGreaterThan(0);
    client.resume();
    await arrived(3);
    expect(received[2]).toBe("behind it");
    expect(told).toEqual(["small", "large", "behind it"]);
  });
});
