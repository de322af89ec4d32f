import type { FetchedDocument } from "./documents.ts";

/**
 * Reads each document once, however many tokens are verified by it: a key set's keys cost more to import than a
 * signature to verify. What `read` throws is thrown for each of them.
 */
export function readOnce<T>(read: (document: FetchedDocument) => T): (document: FetchedDocument) => T {
  const results = new WeakMap<FetchedDocument, T>();
  return (document) => {
    if (results.has(document)) {
      return results.get(document)!;
    }
    const result = read(document);
    results.set(document, result);
    return result;
  };
}
