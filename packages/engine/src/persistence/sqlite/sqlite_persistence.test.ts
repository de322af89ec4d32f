import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { persistenceContract } from "../persistence.contract.ts";
import type { Persistence } from "../persistence.ts";
import {
  type InlineSqlitePersistence,
  openPreparedFile,
  openSqlitePersistence,
} from "./sqlite_persistence.ts";

const WRITERS = {
  inline: "in the caller's thread",
  "at once": "in the caller's thread, before the call returns",
  thread: "in a thread of its own",
};

for (const [kind, where] of Object.entries(WRITERS)) {
  const writer = kind === "thread" ? "thread" : "inline";
  const face = (opened: Persistence) =>
    kind === "at once" ? appendingAtOnce(opened as InlineSqlitePersistence) : opened;
  persistenceContract(
    `sqlite, its writer ${where}`,
    async () => {
      const folder = await mkdtemp(join(tmpdir(), "tandem-sqlite-"));
      const path = join(folder, "tandem.db");
      const handles: Persistence[] = [];
      const keep = (opened: Persistence) => {
        handles.push(opened);
        return face(opened);
      };
      const open = async () => keep(openSqlitePersistence({ path, writer }));
      const close = async () => {
        for (const handle of handles.splice(0)) await handle.close();
      };
      return {
        persistence: await open(),
        // Past the lock, which would not let it in.
        second: async () => keep(openPreparedFile({ path, writer }, null)),
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

/** The same store, with every append through `appendNow`. */
function appendingAtOnce(store: InlineSqlitePersistence): Persistence {
  return {
    head: () => store.head(),
    get: (...args) => store.get(...args),
    scan: (...args) => store.scan(...args),
    tail: (...args) => store.tail(...args),
    append: async (head, commits) => store.appendNow(head, commits),
    prune: (...args) => store.prune(...args),
    discard: (...args) => store.discard(...args),
    backfill: (...args) => store.backfill(...args),
    close: () => store.close(),
  };
}
