import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeLogBody, encodeLogBody } from "./log_body.ts";

test("a log row gives back everything of a commit but the documents' text", () => {
  const text = fc.oneof(fc.string({ unit: "grapheme" }), fc.string({ unit: "binary-ascii" }));
  const number = fc.nat(100_000);
  const documents = fc.array(fc.record({ tableId: number, id: text, removed: fc.boolean() }));
  const indexEntries = fc.array(
    fc.record({ indexId: number, key: text, documentId: fc.option(text, { nil: null }) }),
  );
  const touched = fc.array(fc.record({ indexId: number, key: text }));
  fc.assert(
    fc.property(documents, indexEntries, touched, fc.boolean(), (written, entries, keys, changesCatalog) => {
      const commit = {
        ts: 1,
        documents: written.map(({ tableId, id, removed }) => ({
          tableId,
          id,
          document: removed ? null : { id, json: "{}", size: 2 },
        })),
        indexEntries: entries,
        touched: keys,
        changesCatalog,
      };
      expect(decodeLogBody(encodeLogBody(commit))).toEqual({
        documents: written,
        indexEntries: entries,
        touched: keys,
        changesCatalog,
      });
    }),
  );
});
