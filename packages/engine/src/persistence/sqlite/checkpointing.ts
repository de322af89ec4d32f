import { CheckpointThread } from "./checkpoint_thread.ts";
import type { SqliteWriter } from "./sqlite_writer.ts";

/** A WAL of so many pages (of 4 KiB) is moved between two writes, which takes a few milliseconds. */
const INLINE_PAGES = 1000;

/**
 * With a thread for it, 64 MB: a page that is written again and again is moved once, and what the writer has to move
 * itself at the end of each move (a few hundred pages, and two syncs) comes the more rarely.
 */
const THREAD_PAGES = 16384;
/** Added since the last move, when a reader kept the WAL from starting over: then another one is worth its while. */
const THREAD_PAGES_AGAIN = 512;

/** So long a WAL means that readers always stood in the way: then the writer waits for them, this long. */
const OVERLONG = 16_000;
const OVERLONG_WITH_THREAD = 65536;
const WAIT_FOR_READERS_MS = 50;

/**
 * Decides when the WAL is moved into the database, and who does it. A WAL starts over only when a write finds
 * all of it moved; a thread alone never gets there while writes go on, so the writer moves what the
 * thread has left over, which is little.
 */
export class Checkpointing {
  readonly #writer: SqliteWriter;
  readonly #thread: CheckpointThread | null;
  #leftOver = false;
  #overlong: number;

  /** With a `path`, a thread is started for it when there is much to move; `more` asks for a call of `step`. */
  constructor(writer: SqliteWriter, thread: { readonly path: string; readonly more: () => void } | null) {
    this.#writer = writer;
    this.#overlong = thread === null ? OVERLONG : OVERLONG_WITH_THREAD;
    this.#thread =
      thread === null
        ? null
        : new CheckpointThread(thread.path, (failure) => {
            if (failure !== null) return warn(failure);
            this.#leftOver = true;
            thread.more();
          });
  }

  /** Between two writes: takes a few milliseconds at most, unless readers have stood in the way for long. */
  step(): void {
    this.#attempt(() => {
      const { pages, moved } = this.#writer.walState();
      if (pages >= this.#overlong) {
        this.#writer.truncateWal(WAIT_FOR_READERS_MS);
        // Not with every write, when that has not helped.
        this.#overlong += this.#thread === null ? INLINE_PAGES : THREAD_PAGES;
      } else if (this.#thread === null) {
        if (pages >= INLINE_PAGES) this.#writer.moveWal();
      } else if (this.#leftOver) {
        this.#leftOver = false;
        this.#writer.moveWal();
      } else if (pages >= THREAD_PAGES && pages - moved >= THREAD_PAGES_AGAIN) {
        this.#thread.move();
      }
    });
  }

  /** Nobody waits for writes: moves all and gives space and memory back, unless a reader is in the way right now. */
  idle(): void {
    void this.#thread?.rest();
    this.#attempt(() => {
      this.#writer.truncateWal(0);
      this.#writer.releaseMemory();
    });
    this.#overlong = this.#thread === null ? OVERLONG : OVERLONG_WITH_THREAD;
  }

  async close(): Promise<void> {
    await this.#thread?.rest();
  }

  /** Without it nothing is lost: the WAL only stays longer, and the next write tries again. */
  #attempt(move: () => void): void {
    try {
      move();
    } catch (error) {
      warn((error as Error).message);
    }
  }
}

function warn(reason: string): void {
  process.emitWarning(`Could not move the write-ahead log into the database: ${reason}`);
}
