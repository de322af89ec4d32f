export { DatabaseHost } from "./database_host.ts";
export type { FromDatabase, ToDatabase } from "./messages.ts";
export { RemoteDatabase } from "./remote_database.ts";
