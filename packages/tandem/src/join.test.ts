import { Events } from "@tandem/identity";
import { beforeEach, expect, it } from "vitest";
import { sessionGate } from "./join.ts";

const ISSUER = "http://127.0.0.1:3212";
const token = (session: string) => ({ issuer: ISSUER, subject: "user_1", id: `${session}.random` });

let now: number;
let events: Events;
let over: Set<string>;
let asked: string[];

function gate(meanwhile: () => void = () => {}) {
  const isOver = async (sessionId: string) => {
    asked.push(sessionId);
    const judged = over.has(sessionId);
    meanwhile();
    return judged;
  };
  return sessionGate([ISSUER], { isOver, events }, { now: () => now });
}

function end(sessionId: string): void {
  over.add(sessionId);
  events.sessionsEnded([{ sessionId, userId: "user_1", issuer: ISSUER }]);
}

beforeEach(() => {
  now = 1000;
  events = new Events();
  over = new Set();
  asked = [];
});

it("looks a session up once for the tokens that come within seconds", async () => {
  const isOver = gate();
  expect(await isOver(token("one"))).toBe(false);
  expect(await isOver(token("one"))).toBe(false);
  expect(asked).toEqual(["sess_one"]);
  now += 5000;
  expect(await isOver(token("one"))).toBe(false);
  expect(asked).toEqual(["sess_one", "sess_one"]);
});

it("refuses a session's tokens from the moment of its end, also when it was just found alive", async () => {
  const isOver = gate();
  await isOver(token("one"));
  end("sess_one");
  expect(await isOver(token("one"))).toBe(true);
});

it("does not take for alive a session that ends while it is looked up", async () => {
  let ending = true;
  const isOver = gate(() => {
    if (ending) {
      ending = false;
      end("sess_one");
    }
  });
  await isOver(token("one"));
  expect(await isOver(token("one"))).toBe(true);
});

it("leaves tokens of other issuers, and those that name no session, to their signatures", async () => {
  const isOver = gate();
  over.add("sess_one");
  expect(await isOver({ ...token("one"), issuer: "https://other.example.com" })).toBe(false);
  expect(await isOver({ ...token("one"), id: null })).toBe(false);
  expect(asked).toEqual([]);
});
