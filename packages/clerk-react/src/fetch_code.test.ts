import { afterEach, expect, test, vi } from "vitest";
import { fetchCode } from "./fetch_code.ts";

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** Fails as often as said; each failure is told to the console. */
function failing(times: number): { load: () => Promise<string>; failures: () => number } {
  const told = vi.spyOn(console, "error").mockImplementation(() => {});
  let left = times;
  const load = async (): Promise<string> => {
    if (left-- > 0) {
      throw new TypeError("Failed to fetch dynamically imported module");
    }
    return "code";
  };
  return { load, failures: () => told.mock.calls.length };
}

test("code that could not be fetched is tried again, after a time that grows", async () => {
  vi.useFakeTimers();
  const { load, failures } = failing(3);
  const code = fetchCode(load);
  await vi.advanceTimersByTimeAsync(1000 + 2000 - 1);
  expect(failures()).toBe(2);
  await vi.advanceTimersByTimeAsync(1 + 4000);
  expect(await code).toBe("code");
  expect(failures()).toBe(3);
});

test("nobody waits longer for it than half a minute, however long it could not be fetched", async () => {
  vi.useFakeTimers();
  const { load, failures } = failing(1000);
  void fetchCode(load);
  await vi.advanceTimersByTimeAsync(3_600_000);
  const before = failures();
  await vi.advanceTimersByTimeAsync(30_000);
  expect(failures()).toBe(before + 1);
});
