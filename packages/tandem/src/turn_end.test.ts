import { describe, expect, it } from "vitest";
import { atTurnEnd } from "./turn_end.ts";

const immediate = () => new Promise<void>((resolve) => setImmediate(resolve));

describe("what is due at the end of a turn", () => {
  it("runs after the turn's own work, in order", async () => {
    const later = atTurnEnd();
    const ran: string[] = [];
    later(() => ran.push("a"));
    later(() => ran.push("b"));
    await Promise.resolve();
    expect(ran).toEqual([]);
    await immediate();
    expect(ran).toEqual(["a", "b"]);
  });

  it("takes along what it makes due, and leaves to the next turn what comes of that", async () => {
    const later = atTurnEnd();
    const ran: number[] = [];
    const again = (n: number) => {
      ran.push(n);
      if (n < 5) later(() => again(n + 1));
    };
    later(() => again(1));
    await immediate();
    expect(ran).toEqual([1, 2]);
    await immediate();
    expect(ran).toEqual([1, 2, 3, 4]);
    await immediate();
    expect(ran).toEqual([1, 2, 3, 4, 5]);
  });

  it("runs although one before it throws, whose error is not lost", async () => {
    const later = atTurnEnd();
    const ran: string[] = [];
    const uncaught = new Promise((resolve) => {
      const others = process.listeners("uncaughtException");
      process.removeAllListeners("uncaughtException");
      process.once("uncaughtException", (error) => {
        for (const other of others) process.on("uncaughtException", other);
        resolve(error);
      });
    });
    later(() => {
      throw new Error("broken");
    });
    later(() => ran.push("after it"));
    expect(await uncaught).toMatchObject({ message: "broken" });
    expect(ran).toEqual(["after it"]);
  });
});
