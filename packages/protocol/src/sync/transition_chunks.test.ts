import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { encodeServerMessage, type Transition } from "./server_message.ts";
import { INITIAL_VERSION } from "./state_version.ts";
import { splitTransition, TransitionAssembler } from "./transition_chunks.ts";

const transition = (value: string): Transition => ({
  type: "Transition",
  startVersion: INITIAL_VERSION,
  endVersion: { querySet: 1, identity: 0, ts: 5n },
  modifications: [{ type: "QueryUpdated", queryId: 0, value, logLines: [], journal: null }],
  clientClockSkew: null,
  serverTs: null,
});

test("any Transition is the same after splitting and putting together, however small the pieces", () => {
  const text = fc.string({ unit: fc.constantFrom("a", "é", "€", "😀", '"', "\n"), maxLength: 60 });
  fc.assert(
    fc.property(text, fc.integer({ min: 4, max: 200 }), (value, maxBytes) => {
      const whole = encodeServerMessage(transition(value));
      const chunks = splitTransition(whole, maxBytes);
      const assembler = new TransitionAssembler();
      for (const chunk of chunks) {
        expect(Buffer.byteLength(chunk.chunk)).toBeLessThanOrEqual(maxBytes);
        expect(chunk.transitionId).toBe(String(Buffer.byteLength(whole)));
        expect(Buffer.from(chunk.chunk).toString()).toBe(chunk.chunk);
        const done = assembler.add(chunk);
        if (chunk.partNumber < chunks.length - 1) expect(done).toBeNull();
        else expect(done).toEqual(transition(value));
      }
    }),
  );
});

test("a Transition of 12 MB goes in three chunks of at most 5,000,000 bytes", () => {
  const chunks = splitTransition(encodeServerMessage(transition("x".repeat(12_000_000))));
  expect(chunks.map((chunk) => chunk.totalParts)).toEqual([3, 3, 3]);
  expect(chunks[0]!.chunk.length).toBe(5_000_000);
});

describe("chunks that do not fit together", () => {
  const chunks = splitTransition(encodeServerMessage(transition("hello")), 100);

  test.each([
    ["no parts at all", { ...chunks[0]!, totalParts: 0 }],
    ["a part number too high", { ...chunks[0]!, partNumber: chunks.length }],
    ["a negative part number", { ...chunks[0]!, partNumber: -1 }],
  ])("%s is refused", (_what, chunk) => {
    expect(() => new TransitionAssembler().add(chunk)).toThrow("Invalid TransitionChunk");
  });

  test("chunks of two Transitions are not mixed, and a new start is possible after that", () => {
    const assembler = new TransitionAssembler();
    assembler.add(chunks[0]!);
    expect(() => assembler.add({ ...chunks[1]!, transitionId: "other" })).toThrow("Invalid TransitionChunk");
    assembler.add(chunks[0]!);
    expect(() => assembler.add({ ...chunks[1]!, totalParts: 99 })).toThrow("Invalid TransitionChunk");
    let done: Transition | null = null;
    for (const chunk of chunks) done = assembler.add(chunk);
    expect(done).toEqual(transition("hello"));
  });

  test("a missing chunk is told by its number", () => {
    const assembler = new TransitionAssembler();
    expect(() => assembler.add(chunks[1]!)).toThrow(
      "TransitionChunk received out of order: expected part 0, got 1",
    );
    assembler.add(chunks[0]!);
    expect(() => assembler.add(chunks[0]!)).toThrow(
      "TransitionChunk received out of order: expected part 1, got 0",
    );
  });

  test("another kind of message inside them is refused", () => {
    const [chunk] = splitTransition('{"type":"Ping"}');
    expect(() => new TransitionAssembler().add(chunk!)).toThrow(
      "Expected Transition, got Ping after assembling chunks",
    );
  });
});
