export { Kept } from "./kept.ts";
export { openStore } from "./open_store.ts";
export type * from "./rows.ts";
export { NAMESPACE, Reader, Store, Writer } from "./store.ts";
export type { TableName, Tables } from "./tables.ts";
