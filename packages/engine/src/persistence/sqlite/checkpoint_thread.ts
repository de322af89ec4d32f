import { Worker } from "node:worker_threads";

const fromSource = import.meta.url.endsWith(".ts");

export interface CheckpointThreadData {
  readonly path: string;
}
export type CheckpointRequest = "move" | "close";
export interface CheckpointAnswer {
  readonly failure: string | null;
}

/** A thread that moves the WAL of the database at `path`. It is there only while there is much to move. */
export class CheckpointThread {
  readonly #path: string;
  readonly #ended: (failure: string | null) => void;
  #worker: { readonly thread: Worker; readonly exited: Promise<void> } | null = null;
  #isMoving = false;

  /** `ended` is called after each `move`, with the reason when it failed; nothing is lost then. */
  constructor(path: string, ended: (failure: string | null) => void) {
    this.#path = path;
    this.#ended = ended;
  }

  get isMoving(): boolean {
    return this.#isMoving;
  }

  /** Moves what the WAL holds, and most of what is added meanwhile. */
  move(): void {
    if (this.#isMoving) return;
    this.#isMoving = true;
    this.#worker ??= this.#start();
    this.#worker.thread.postMessage("move" satisfies CheckpointRequest);
  }

  /** Ends the thread, after what it is doing. The next `move` starts another. */
  async rest(): Promise<void> {
    const worker = this.#worker;
    if (worker === null) return;
    this.#worker = null;
    worker.thread.postMessage("close" satisfies CheckpointRequest);
    await worker.exited;
  }

  #start() {
    const file = fromSource ? "./checkpoint_worker.ts" : "./sqlite_checkpointer.js";
    const data: CheckpointThreadData = { path: this.#path };
    const thread = new Worker(new URL(file, import.meta.url), {
      name: "sqlite_checkpointer",
      workerData: data,
      execArgv: fromSource ? ["--conditions=tandem-source"] : [],
    });
    const exited = Promise.withResolvers<void>();
    const worker = { thread, exited: exited.promise };
    thread.on("message", ({ failure }: CheckpointAnswer) => this.#end(failure));
    thread.on("error", (error) => {
      if (this.#worker === worker) this.#worker = null;
      this.#end(error.message);
    });
    thread.on("exit", () => exited.resolve());
    return worker;
  }

  #end(failure: string | null): void {
    this.#isMoving = false;
    this.#ended(failure);
  }
}
