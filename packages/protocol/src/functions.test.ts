import type { Value } from "@tandem/values";
import { convexToJson } from "@tandem/values";
import { describe, expect, test } from "vitest";
import { argumentArray, encodedToText, outcomeToText, parseFormat, valueToText } from "./functions.ts";

test.each<[Value, string, string, string]>([
  [5n, '{"$integer":"BQAAAAAAAAA="}', '"5"', "5"],
  [2n ** 62n, '{"$integer":"AAAAAAAAAEA="}', '"4611686018427387904"', "4611686018427387904"],
  [1, "1", "1", "1.0"],
  [0.5, "0.5", "0.5", "0.5"],
  [1e300, "1e+300", "1e+300", "1e+300"],
  [-0, '{"$float":"AAAAAAAAAIA="}', "-0.0", "-0.0"],
  [Number.NaN, '{"$float":"AAAAAAAA+H8="}', '"NaN"', '{"$float":"AAAAAAAA+H8="}'],
  [-Infinity, '{"$float":"AAAAAAAA8P8="}', '"-Infinity"', '{"$float":"AAAAAAAA8P8="}'],
  [new Uint8Array([1, 2, 3]).buffer, '{"$bytes":"AQID"}', '"AQID"', '{"$bytes":"AQID"}'],
  ['a"b', '"a\\"b"', '"a\\"b"', '"a\\"b"'],
  [null, "null", "null", "null"],
  [
    { b: [1n, true], a: { c: undefined } },
    '{"a":{},"b":[{"$integer":"AQAAAAAAAAA="},true]}',
    '{"a":{},"b":["1",true]}',
    '{"a":{},"b":[1,true]}',
  ],
])("%o is written in the three formats of P §3.3", (value, encoded, clean, exported) => {
  expect(valueToText(value, "convex_encoded_json")).toBe(encoded);
  expect(valueToText(value, "json")).toBe(clean);
  expect(valueToText(value, "export_json")).toBe(exported);
  expect(encodedToText(convexToJson(value), "json")).toBe(clean);
  expect(encodedToText(convexToJson(value), "convex_encoded_json")).toBe(encoded);
});

test("formats are known by both their names, and the client's default holds when there is none", () => {
  expect(parseFormat("convex_json", "json")).toBe("convex_encoded_json");
  expect(parseFormat("convex_encoded_json", "json")).toBe("convex_encoded_json");
  expect(parseFormat("convex_clean_json", "export_json")).toBe("json");
  expect(parseFormat("export_json", "json")).toBe("export_json");
  expect(parseFormat(undefined, "convex_encoded_json")).toBe("convex_encoded_json");
  expect(() => parseFormat("xml", "json")).toThrow(
    expect.objectContaining({ code: "BadFormat", httpStatus: 400 }),
  );
});

test("arguments come as an object or as an array with one", () => {
  expect(argumentArray({ a: 1 })).toEqual([{ a: 1 }]);
  expect(argumentArray([{ a: 1 }])).toEqual([{ a: 1 }]);
  expect(argumentArray(undefined)).toEqual([{}]);
});

describe("the answer to a call", () => {
  test("leaves out empty logs", () => {
    expect(outcomeToText({ status: "success", value: 1n, logLines: [] }, "json")).toBe(
      '{"status":"success","value":"1"}',
    );
    expect(outcomeToText({ status: "success", value: null, logLines: ["[LOG] 'a'"] }, "json")).toBe(
      `{"status":"success","value":null,"logLines":["[LOG] 'a'"]}`,
    );
  });

  test("has errorData exactly for a ConvexError, null included", () => {
    const error = { status: "error", errorMessage: "no", logLines: [] } as const;
    expect(outcomeToText(error, "json")).toBe('{"status":"error","errorMessage":"no"}');
    expect(outcomeToText({ ...error, errorData: null }, "json")).toBe(
      '{"status":"error","errorMessage":"no","errorData":null}',
    );
  });
});
