import { expect, test } from "vitest";
import { persistently } from "./retry.ts";

const patience = () => ({ tries: 3, delay: (failures: number) => failures * 100 });

test("what fails for a while is tried again, ever more slowly", async () => {
  const waits: number[] = [];
  const result = await persistently(
    async (failures) => {
      if (failures < 2) throw new Error("away");
      return "there";
    },
    () => true,
    patience,
    async (milliseconds) => void waits.push(milliseconds),
  );
  expect(result).toBe("there");
  expect(waits).toEqual([100, 200]);
});

test("what fails too often, or for good, fails with its last error", async () => {
  let calls = 0;
  const attempt = async () => {
    calls++;
    throw new Error(`failure ${calls}`);
  };
  const noWait = async () => {};
  await expect(persistently(attempt, () => true, patience, noWait)).rejects.toThrow("failure 3");
  await expect(persistently(attempt, () => false, patience, noWait)).rejects.toThrow("failure 4");
});
