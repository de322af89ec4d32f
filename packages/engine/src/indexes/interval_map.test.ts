import fc from "fast-check";
import { expect, test } from "vitest";
import { IntervalMap } from "./interval_map.ts";

const key = fc.string({ unit: fc.constantFrom("a", "b", "c", "\0", "\xff"), maxLength: 3 });
const end = fc.oneof(key, fc.constant(null), fc.constant(undefined));
const operation = fc.record({
  kind: fc.constantFrom("insert", "insert", "remove", "stab"),
  start: key,
  end,
  value: fc.integer({ min: 0, max: 5 }),
});

test("a stab finds exactly the stretches that a search through all of them finds", () => {
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 120 }), (operations) => {
      const map = new IntervalMap<number>();
      let model: { start: string; end: string | null | undefined; value: number }[] = [];
      for (const { kind, start, end, value } of operations) {
        const isSame = (other: (typeof model)[number]) =>
          other.start === start && other.end === end && other.value === value;
        if (kind === "insert") {
          map.insert(start, end, value);
          if (!model.some(isSame)) model.push({ start, end, value });
        } else if (kind === "remove") {
          map.remove(start, end, value);
          model = model.filter((other) => !isSame(other));
        } else {
          const hits = new Set<number>();
          map.stab(start, hits);
          const expected = model
            .filter(({ start: from, end: to }) =>
              to === undefined ? from === start : from <= start && (to === null || start < to),
            )
            .map((entry) => entry.value);
          expect([...hits].sort()).toEqual([...new Set(expected)].sort());
        }
      }
      for (const { start, end, value } of model) map.remove(start, end, value);
      expect(map.isEmpty).toBe(true);
    }),
  );
});

test("tens of thousands of stretches stay quick to search, whatever the order they came in", () => {
  const map = new IntervalMap<number>();
  const at = (n: number) => String(n).padStart(6, "0");
  for (let i = 0; i < 50_000; i++) map.insert(at(i), at(i + 1), i);
  for (let i = 0; i < 50_000; i += 7) {
    const hits = new Set<number>();
    map.stab(at(i), hits);
    expect([...hits]).toEqual([i]);
  }
  for (let i = 0; i < 50_000; i++) map.remove(at(i), at(i + 1), i);
  expect(map.isEmpty).toBe(true);
});
