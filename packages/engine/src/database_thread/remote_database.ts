import { EngineClosedError, InvariantError } from "../errors.ts";
import type { Commits } from "../log/commits.ts";
import type { CommitsParts } from "../open_engine.ts";
import type { Store } from "../persistence/persistence.ts";
import type { FromDatabase, ToDatabase } from "./messages.ts";
import { Questions } from "./questions.ts";
import { RemoteCommits } from "./remote_commits.ts";
import { RemoteStore, type StoreReads } from "./remote_store.ts";
import { fromSent } from "./sent_error.ts";

/** The engine's end of a database that runs in another thread. */
export class RemoteDatabase {
  readonly store: Store;
  readonly #questions: Questions;
  readonly #send: (message: ToDatabase) => void;
  #commits: RemoteCommits | null = null;
  #ended: Error | null = null;

  /** `reader` is this thread's own connection; `closed` lets go of it and of the thread. */
  constructor(reader: StoreReads, send: (message: ToDatabase) => void, closed: () => Promise<void>) {
    this.#send = send;
    this.#questions = new Questions(send);
    this.store = new RemoteStore(reader, this.#questions, closed);
  }

  /** To be called once. */
  readonly openCommits = (parts: CommitsParts): Commits => {
    this.#commits = new RemoteCommits(parts, this.#questions, this.#send);
    if (this.#ended !== null) this.#commits.stop(this.#ended);
    return this.#commits;
  };

  take(message: FromDatabase): void {
    switch (message.kind) {
      case "durable":
        this.#commits?.published(message);
        return;
      case "committed":
        this.#questions.settle(message.number, { value: message.outcome });
        return;
      case "done":
        this.#questions.settle(message.number, { value: message.value });
        return;
      case "failed":
        this.#questions.settle(message.number, { error: fromSent(message.error) });
        return;
      case "fatal":
        this.#commits?.stop(new InvariantError(message.message));
        return;
      default:
        message satisfies never;
    }
  }

  /** The thread has ended: whether its last writes reached the disk only opening the database again tells. */
  ended(cause: string): void {
    const error = new EngineClosedError(`The database's thread stopped (${cause}). Restart Tandem.`);
    this.#ended = error;
    this.#questions.break(error);
    this.#commits?.stop(error);
  }
}
