import { expect, test, vi } from "vitest";
import type { TokenResource } from "../types/session.ts";
import { TokenCache } from "./token_cache.ts";

const key = { sessionId: "sess_1", organizationId: "" };

/** A clock that stands still until it is moved. @param ahead - seconds that it is ahead of the server's */
function testClock(ahead = 0) {
  let now = 1_000_000;
  let calls: { at: number; callback: () => void }[] = [];
  return {
    now: () => now + ahead,
    after: (seconds: number, callback: () => void) => {
      const call = { at: now + seconds, callback };
      calls.push(call);
      return () => {
        calls = calls.filter((other) => other !== call);
      };
    },
    advance(seconds: number) {
      now += seconds;
      const due = calls.filter(({ at }) => at <= now);
      calls = calls.filter(({ at }) => at > now);
      for (const { callback } of due) callback();
    },
    /** What the server would mint now, for 60 s. */
    mint: (): TokenResource => {
      const raw = `token-${now}-${minted++}`;
      return { jwt: { claims: { iat: now, exp: now + 60 }, raw }, getRawString: () => raw };
    },
  };
}
let minted = 0;

test("a token is fetched once, and given out until five seconds before its end", async () => {
  const clock = testClock();
  const cache = new TokenCache(clock);
  const fetch = vi.fn(async () => clock.mint());
  const first = await cache.get(key, fetch);
  clock.advance(54);
  expect(await cache.get(key, fetch)).toBe(first);
  expect(fetch).toHaveBeenCalledTimes(1);
  clock.advance(1);
  expect(await cache.get(key, fetch)).not.toBe(first);
  expect(fetch).toHaveBeenCalledTimes(2);
});

test("who needs a token for longer gets one that is good for longer", async () => {
  const clock = testClock();
  const cache = new TokenCache(clock);
  const first = await cache.get(key, async () => clock.mint());
  clock.advance(31);
  expect(await cache.get(key, async () => clock.mint())).toBe(first);
  expect(await cache.get(key, async () => clock.mint(), { leeway: 30 })).not.toBe(first);
});

test("those who ask at the same time share one request", async () => {
  const clock = testClock();
  const cache = new TokenCache(clock);
  const answer = Promise.withResolvers<TokenResource>();
  const fetch = vi.fn(() => answer.promise);
  const both = Promise.all([cache.get(key, fetch), cache.get(key, fetch)]);
  answer.resolve(clock.mint());
  const [a, b] = await both;
  expect(a).toBe(b);
  expect(fetch).toHaveBeenCalledTimes(1);
});

test("a request that failed is not remembered", async () => {
  const clock = testClock();
  const cache = new TokenCache(clock);
  await expect(cache.get(key, () => Promise.reject(new Error("away")))).rejects.toThrow("away");
  await expect(cache.get(key, async () => clock.mint())).resolves.toBeDefined();
});

test("a new token is minted when it is asked for, although a good one is there, and serves from then on", async () => {
  const clock = testClock();
  const cache = new TokenCache(clock);
  const first = await cache.get(key, async () => clock.mint());
  const second = await cache.fetch(key, async () => clock.mint());
  expect(second).not.toBe(first);
  expect(await cache.get(key, async () => clock.mint())).toBe(second);
});

test("a token that was overtaken by a newer one on its way is not kept", async () => {
  const clock = testClock();
  const cache = new TokenCache(clock);
  const older = clock.mint();
  clock.advance(10);
  const newer = await cache.fetch(key, async () => clock.mint());
  cache.put(key, older);
  expect(await cache.get(key, async () => clock.mint())).toBe(newer);
});

test("tokens of other templates, organisations and sessions are other tokens", async () => {
  const clock = testClock();
  const cache = new TokenCache(clock);
  const mint = async () => clock.mint();
  const tokens = [
    await cache.get(key, mint),
    await cache.get({ ...key, template: "convex" }, mint),
    await cache.get({ ...key, organizationId: "org_1" }, mint),
    await cache.get({ ...key, sessionId: "sess_10" }, mint),
  ];
  expect(new Set(tokens).size).toBe(4);
});

test("a token in use is renewed 17 seconds before its end, and one that nobody asks for is not", async () => {
  const clock = testClock();
  const cache = new TokenCache(clock);
  const renew = vi.fn();
  await cache.get(key, async () => clock.mint(), { renew });
  clock.advance(42);
  await cache.get(key, async () => clock.mint(), { renew });
  expect(renew).not.toHaveBeenCalled();
  clock.advance(1);
  expect(renew).toHaveBeenCalledTimes(1);

  const unused = vi.fn();
  await cache.fetch(key, async () => clock.mint(), unused);
  clock.advance(50);
  expect(unused).not.toHaveBeenCalled();
});

test("a cleared session has no tokens and renews none; others keep theirs", async () => {
  const clock = testClock();
  const cache = new TokenCache(clock);
  const renew = vi.fn();
  const mint = async () => clock.mint();
  const first = await cache.get(key, mint, { renew });
  await cache.get(key, mint, { renew });
  const other = await cache.get({ ...key, sessionId: "sess_10" }, mint);
  cache.clear("sess_1");
  clock.advance(43);
  expect(renew).not.toHaveBeenCalled();
  expect(await cache.get(key, mint)).not.toBe(first);
  expect(await cache.get({ ...key, sessionId: "sess_10" }, mint)).toBe(other);
});

test.each([3600, -3600])("a clock that is %i seconds wrong costs no request", async (ahead) => {
  const clock = testClock(ahead);
  const cache = new TokenCache(clock);
  const fetch = vi.fn(async () => clock.mint());
  await cache.get(key, fetch);
  clock.advance(50);
  await cache.get(key, fetch);
  expect(fetch).toHaveBeenCalledTimes(1);
  clock.advance(6);
  await cache.get(key, fetch);
  expect(fetch).toHaveBeenCalledTimes(2);
});

test("a token that is old when it comes is not taken for a new one", async () => {
  const clock = testClock();
  const cache = new TokenCache(clock);
  cache.put({ ...key, template: "x" }, clock.mint());
  const old = clock.mint();
  clock.advance(40);
  cache.put(key, old);
  clock.advance(16);
  expect(await cache.get(key, async () => clock.mint())).not.toBe(old);
});

test("of a token that is over when it comes, nobody can tell that it is the clock's fault", async () => {
  const clock = testClock();
  const cache = new TokenCache(clock);
  const over = clock.mint();
  clock.advance(3600);
  cache.put(key, over);
  expect(await cache.get(key, async () => clock.mint())).not.toBe(over);
});
