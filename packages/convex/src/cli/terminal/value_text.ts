import type { Value } from "@tandem/values";

/** A value as one line of text: JSON, with `1n` for int64 and `Bytes("…")` (base64) for bytes. */
export function formatValue(value: Value): string {
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "number") return String(value);
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (value instanceof ArrayBuffer) return `Bytes("${Buffer.from(value).toString("base64")}")`;
  if (Array.isArray(value)) return `[${value.map(formatValue).join(", ")}]`;
  const fields = Object.entries(value).flatMap(([name, field]) =>
    field === undefined ? [] : [`${JSON.stringify(name)}: ${formatValue(field)}`],
  );
  return fields.length === 0 ? "{}" : `{ ${fields.join(", ")} }`;
}

/**
 * Documents as a table with a column a field, `_id` and `_creationTime` first. With a `width`, longer lines
 * are cut, and `cut` tells so.
 */
export function formatTable(
  documents: readonly Record<string, Value>[],
  width?: number,
): { lines: string[]; cut: boolean } {
  const names = new Set<string>();
  for (const document of documents) for (const name of Object.keys(document)) names.add(name);
  const system = ["_id", "_creationTime"].filter((name) => names.has(name));
  const columns = [...new Set([...system, ...[...names].sort()])];
  const rows = documents.map((document) =>
    columns.map((name) => (document[name] === undefined ? "" : formatValue(document[name]))),
  );
  const widths = columns.map((name, column) =>
    Math.max(name.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join(" | ")
      .trimEnd();
  const all = [line(columns), widths.map((size) => "-".repeat(size)).join("-|-"), ...rows.map(line)];
  let cut = false;
  const lines = all.map((text) => {
    if (width === undefined || text.length <= width) return text;
    cut = true;
    return `${text.slice(0, Math.max(0, width - 1))}…`;
  });
  return { lines, cut };
}
