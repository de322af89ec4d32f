import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { persistenceContract } from "../persistence.contract.ts";
import type { Persistence } from "../persistence.ts";
import { openPreparedFile, openSqlitePersistence } from "./sqlite_persistence.ts";

for (const writer of ["inline", "thread"] as const) {
  persistenceContract(
    `sqlite, its writer ${writer === "inline" ? "in the caller's thread" : "in a thread of its own"}`,
    async () => {
      const folder = await mkdtemp(join(tmpdir(), "tandem-sqlite-"));
      const path = join(folder, "tandem.db");
      const handles: Persistence[] = [];
      const open = async () => {
        const handle = openSqlitePersistence({ path, writer });
        handles.push(handle);
        return handle;
      };
      const close = async () => {
        for (const handle of handles.splice(0)) await handle.close();
      };
      return {
        persistence: await open(),
        // Past the lock, which would not let it in.
        second: async () => {
          const handle = openPreparedFile({ path, writer }, null);
          handles.push(handle);
          return handle;
        },
        reopen: () => close().then(open),
        destroy: async () => {
          await close();
          await rm(folder, { recursive: true });
        },
      };
    },
    { histories: writer === "inline" ? 60 : 8 },
  );
}
