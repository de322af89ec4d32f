import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  decodeDocumentId,
  encodeDocumentId,
  InvalidIdError,
  newInternalId,
  tableNumberOf,
} from "./document_id.ts";

const counting = Uint8Array.from({ length: 16 }, (_, i) => i);

test.each([
  [1, "040020g30g2gc1r81450p30d1r7qke8"],
  [127, "fw0020g30g2gc1r81450p30d1r7ze5r"],
  [128, "g00g00820c20a1g7104gm2rc1m70zyds"],
  [10001, "j57000820c20a1g7104gm2rc1m70ynr8"],
  [16384, "g2002001081g81860w40j2gb1g6gw3vs74"],
])("table %i has the id of P §4.3", (tableNumber, id) => {
  expect(encodeDocumentId(tableNumber, counting)).toBe(id);
  expect(decodeDocumentId(id)).toEqual({ tableNumber, internalId: counting });
  expect(tableNumberOf(id)).toBe(tableNumber);
});

test("an id of zeros has its vector", () => {
  expect(encodeDocumentId(10001, new Uint8Array(16))).toBe("j5700000000000000000000000001qv0");
});

describe("ids", () => {
  const tableNumber = fc.oneof(fc.integer({ min: 1, max: 0xffffffff }), fc.integer({ min: 1, max: 40_000 }));
  const internalId = fc.uint8Array({ minLength: 16, maxLength: 16 });

  test("give back what they were made of, and are 31 to 37 characters long", () => {
    fc.assert(
      fc.property(tableNumber, internalId, (number, internal) => {
        const id = encodeDocumentId(number, internal);
        expect(id).toMatch(/^[0-9a-hjkmnp-tv-z]{31,37}$/);
        expect(decodeDocumentId(id)).toEqual({ tableNumber: number, internalId: internal });
        expect(tableNumberOf(id)).toBe(number);
      }),
    );
  });

  test("with any one character changed are ids no more", () => {
    fc.assert(
      fc.property(
        tableNumber,
        internalId,
        fc.nat(),
        fc.integer({ min: 1, max: 31 }),
        (number, internal, at, by) => {
          const alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
          const id = encodeDocumentId(number, internal);
          const i = at % id.length;
          const other = alphabet[(alphabet.indexOf(id[i]!) + by) % 32]!;
          const changed = id.slice(0, i) + other + id.slice(i + 1);
          const found = tableNumberOf(changed);
          // What still decodes must at least be written the one way an id is written.
          if (found !== null) {
            expect(encodeDocumentId(found, decodeDocumentId(changed).internalId)).toBe(changed);
          }
        },
      ),
    );
  });

  test.each([
    ["", /has 0 characters/],
    ["hello", /"hello" has 5 characters/],
    ["0".repeat(33), /has 33 characters/],
    ["J57000820C20A1G7104GM2RC1M70YNR8", /has the character "J"/],
    ["i57000820c20a1g7104gm2rc1m70ynr8", /has the character "i"/],
    ["j57000820c20a1g7104gm2rc1m70ynr9", /does not end|checksum/],
    ["000020g30g2gc1r81450p30d1r7qke8", /table number \(0\)/],
  ])("%s is refused with the reason", (text, reason) => {
    expect(() => decodeDocumentId(text)).toThrow(reason);
    expect(() => decodeDocumentId(text)).toThrow(InvalidIdError);
    expect(() => decodeDocumentId(text)).toThrow(/^Unable to decode ID: /);
    expect(tableNumberOf(text)).toBeNull();
  });

  test("are not made of impossible parts", () => {
    expect(() => encodeDocumentId(0, counting)).toThrow("is no table number");
    expect(() => encodeDocumentId(1, new Uint8Array(15))).toThrow("this one has 15");
  });
});

test("a new internal id ends with the day, big-endian", () => {
  const random = new Uint8Array(14).fill(7);
  const id = newInternalId(random, Date.UTC(2025, 0, 1, 23, 59));
  const day = Date.UTC(2025, 0, 1) / 86_400_000;
  expect([...id.slice(0, 14)]).toEqual([...random]);
  expect((id[14]! << 8) | id[15]!).toBe(day);
  expect(() => newInternalId(new Uint8Array(3), 0)).toThrow("14 random bytes");
});
