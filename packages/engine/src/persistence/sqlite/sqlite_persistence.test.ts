import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { persistenceContract } from "../persistence.contract.ts";
import type { Persistence } from "../persistence.ts";
import { openPreparedFile, openSqlitePersistence } from "./sqlite_persistence.ts";

persistenceContract(
  "sqlite",
  async () => {
    const folder = await mkdtemp(join(tmpdir(), "tandem-sqlite-"));
    const path = join(folder, "tandem.db");
    const handles: Persistence[] = [];
    const keep = (opened: Persistence) => {
      handles.push(opened);
      return opened;
    };
    const open = async () => keep(openSqlitePersistence({ path }));
    const close = async () => {
      for (const handle of handles.splice(0)) await handle.close();
    };
    return {
      persistence: await open(),
      // Past the lock, which would not let it in.
      second: async () => keep(openPreparedFile({ path }, null)),
      reopen: () => close().then(open),
      destroy: async () => {
        await close();
        await rm(folder, { recursive: true });
      },
    };
  },
  { histories: 60 },
);
