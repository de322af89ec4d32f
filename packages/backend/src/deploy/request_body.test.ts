import { brotliCompressSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { readRequest } from "./request_body.ts";

const shape = z.object({ text: z.string() });
const read = (body: Uint8Array | string, encoding?: string, limit = 1000, type = "application/json") => {
  const headers = {
    "content-type": type,
    ...(encoding === undefined ? {} : { "content-encoding": encoding }),
  };
  const bytes = typeof body === "string" ? body : new Uint8Array(body);
  return readRequest(new Request("http://x/", { method: "POST", headers, body: bytes }), shape, limit);
};
const json = JSON.stringify({ text: "hello" });

describe("the body of a push", () => {
  it("may be plain, brotli or gzip", async () => {
    expect(await read(json)).toEqual({ text: "hello" });
    expect(await read(brotliCompressSync(json), "br")).toEqual({ text: "hello" });
    expect(await read(gzipSync(json), "gzip")).toEqual({ text: "hello" });
  });

  it("is refused when it grows past the limit while it is decompressed", async () => {
    const bomb = JSON.stringify({ text: "a".repeat(100_000) });
    for (const [body, encoding] of [
      [brotliCompressSync(bomb), "br"],
      [gzipSync(bomb), "gzip"],
    ] as const) {
      expect(body.byteLength).toBeLessThan(1000);
      await expect(read(body, encoding)).rejects.toMatchObject({ code: "RequestTooLarge" });
    }
  });

  it("is refused with the reason when it is damaged or of another shape", async () => {
    await expect(read("{", undefined)).rejects.toMatchObject({ code: "BadJsonBody" });
    await expect(read(json, "br")).rejects.toMatchObject({ code: "BadJsonBody" });
    await expect(read(json, "zstd")).rejects.toThrow('Content-Encoding "zstd"');
    await expect(read(json, undefined, 1000, "text/plain")).rejects.toThrow("Content-Type");
    await expect(read(JSON.stringify({ text: 1 }))).rejects.toThrow("`text`");
  });
});
