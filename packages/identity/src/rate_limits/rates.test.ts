import { expect, test } from "vitest";
import { IdentityError } from "../errors/index.ts";
import { readLimits } from "../limits.ts";
import { Rates } from "./rates.ts";

function start() {
  let now = 1_700_000_000_000;
  const rates = new Rates({ ...readLimits({}), attemptsPerWindow: 3 }, { now: () => now });
  return {
    rates,
    advance: (milliseconds: number) => {
      now += milliseconds;
    },
  };
}

function refusal(run: () => void): IdentityError | null {
  try {
    run();
    return null;
  } catch (error) {
    if (error instanceof IdentityError) return error;
    throw error;
  }
}

test("what is one too many is told when to come back, and may then", () => {
  const { rates, advance } = start();
  for (let request = 0; request < 3; request++) rates.take("attempt", "10.0.0.1");
  const error = refusal(() => rates.take("attempt", "10.0.0.1"))!;
  expect(error.status).toBe(429);
  expect(error.faults[0]!.code).toBe("too_many_requests");
  advance(error.retryAfter! * 1000 + 1);
  expect(refusal(() => rates.take("attempt", "10.0.0.1"))).toBeNull();
});

test("a burst around the window's edge does not count half", () => {
  const { rates, advance } = start();
  advance(9_900);
  for (let request = 0; request < 3; request++) rates.take("attempt", "10.0.0.1");
  advance(200);
  expect(refusal(() => rates.take("attempt", "10.0.0.1"))).not.toBeNull();
});

test("one address does not use up another's, nor one kind another's", () => {
  const { rates } = start();
  for (let request = 0; request < 3; request++) rates.take("attempt", "10.0.0.1");
  expect(refusal(() => rates.take("attempt", "10.0.0.2"))).toBeNull();
  expect(refusal(() => rates.take("create", "10.0.0.1"))).toBeNull();
});
