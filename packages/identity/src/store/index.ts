export { Kept } from "./kept.ts";
export type { RowReader } from "./kept_rows.ts";
export { openStore } from "./open_store.ts";
export { NAMESPACE, Reader } from "./reader.ts";
export type * from "./rows.ts";
export { Store, Writer } from "./store.ts";
export type { TableName, Tables } from "./tables.ts";
