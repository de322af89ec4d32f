import { closeSync, fdatasync, openSync } from "node:fs";
import { StoreError } from "../store_error.ts";

/** Puts on disk what was written to the open file `file`; `done` as `fs.fdatasync` calls it. */
export type SyncFile = (file: number, done: (error: Error | null) => void) => void;

/**
 * Has what was written to a file put on disk while this thread goes on. One call to the operating system runs at a
 * time; whoever asks meanwhile waits for the next, which is one for all of them.
 */
export class FileSync {
  readonly #path: string;
  readonly #syncFile: SyncFile;
  #file: number | null = null;
  #running: Promise<void> | null = null;
  #next: Promise<void> | null = null;
  #broken: StoreError | null = null;

  /** The file at `path` has to be there by the first `sync`, and to stay the same one. */
  constructor(path: string, syncFile: SyncFile = fdatasync) {
    this.#path = path;
    this.#syncFile = syncFile;
  }

  /**
   * Resolves when everything written before this call would survive a power failure. Rejects with `NOT_SYNCED`,
   * from then on always: what the operating system could not write once it has forgotten.
   */
  sync(): Promise<void> {
    if (this.#running === null) return this.#start();
    this.#next ??= this.#running.then(() => {
      this.#next = null;
      return this.#start();
    });
    return this.#next;
  }

  close(): void {
    if (this.#file !== null) closeSync(this.#file);
    this.#file = null;
  }

  #start(): Promise<void> {
    if (this.#broken !== null) return Promise.reject(this.#broken);
    this.#running = new Promise((resolve, reject) => {
      this.#file ??= openSync(this.#path, "r+");
      this.#syncFile(this.#file, (error) => {
        this.#running = null;
        if (error === null) {
          resolve();
          return;
        }
        this.#broken = new StoreError(
          "NOT_SYNCED",
          `${this.#path} could not be put on disk (${error.message}): what was written last may or may not be there. Check the disk, then start Tandem again.`,
          { cause: error },
        );
        reject(this.#broken);
      });
    });
    return this.#running;
  }
}
