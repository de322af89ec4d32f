import { type FromDatabase, lockPreparedSqlite, openSqliteReader, RemoteDatabase } from "@tandem/engine";
import { LaneError } from "./lane.ts";
import { startThread } from "./lane_ends.ts";
import type {
  DatabaseWorkerData,
  FromDatabaseThread,
  FromLane,
  LaneEnd,
  ToDatabaseThread,
} from "./lane_host.ts";
import { MessageBatch } from "./message_batch.ts";
import { type PackedMessages, packMessages, unpackMessages } from "./message_codec.ts";

/** The thread that has the database's writing end and the write lane, as the main thread has it. */
export class DatabaseThread {
  readonly database: RemoteDatabase;
  readonly #worker: ReturnType<typeof startThread>;
  readonly #batch: MessageBatch<ToDatabaseThread>;
  readonly #exited: Promise<void>;
  #answer: (message: FromLane) => void = () => {};
  #laneDied: (error: LaneError) => void = () => {};
  #laneClosed: () => void = () => {};
  #isEnding = false;
  #hasEnded = false;

  /**
   * Takes the sole right to the database at `data.path`, makes its file ready, and starts the thread. Throws a
   * `StoreError` with the code `IN_USE`, `NEWER_FORMAT` or `NOT_A_STORE`, with nothing written.
   */
  constructor(data: DatabaseWorkerData) {
    const lock = lockPreparedSqlite(data.path);
    try {
      const reader = openSqliteReader(data.path);
      this.#worker = startThread("./database_worker.ts", "./database_worker.js", "database", data);
      this.#batch = new MessageBatch<ToDatabaseThread>(
        (messages) => this.#worker.postMessage(packMessages(messages)),
        setImmediate,
      );
      this.database = new RemoteDatabase(
        reader,
        (message) => this.#send(message),
        async () => {
          await this.#end();
          lock.release();
        },
      );
    } catch (error) {
      lock.release();
      throw error;
    }
    let cause = "it ended by itself";
    this.#worker.on("error", (error) => {
      cause = error instanceof Error ? error.message : String(error);
    });
    this.#exited = new Promise((resolve) => {
      this.#worker.on("exit", () => {
        this.#hasEnded = true;
        if (!this.#isEnding) this.#died(cause);
        resolve();
      });
    });
    this.#worker.on("message", (messages: PackedMessages) =>
      unpackMessages<FromDatabaseThread>(messages, (message) => this.#take(message)),
    );
  }

  /** The write lane in this thread. To be called once. */
  openLane(answer: (message: FromLane) => void, died: (error: LaneError) => void): LaneEnd {
    this.#answer = answer;
    this.#laneDied = died;
    return {
      send: (message) => this.#send(message),
      close: () => this.#closeLane(),
    };
  }

  #send(message: ToDatabaseThread): void {
    if (!this.#hasEnded) this.#batch.add(message);
  }

  #take(message: FromDatabaseThread): void {
    switch (message.kind) {
      case "loaded":
      case "result":
      case "outcome":
      case "laneFailed":
        this.#answer(message);
        return;
      case "laneClosed":
        this.#laneClosed();
        return;
      default:
        this.database.take(message satisfies FromDatabase);
    }
  }

  async #closeLane(): Promise<void> {
    if (this.#hasEnded) return;
    await new Promise<void>((resolve) => {
      this.#laneClosed = resolve;
      this.#send({ kind: "closeLane" });
    });
  }

  async #end(): Promise<void> {
    this.#isEnding = true;
    this.#batch.flush();
    this.#worker.postMessage("end");
    await this.#exited;
  }

  #died(cause: string): void {
    this.#laneClosed();
    this.#laneDied(new LaneError("InternalServerError", `The database's thread stopped: ${cause}.`));
    this.database.ended(cause);
  }
}
