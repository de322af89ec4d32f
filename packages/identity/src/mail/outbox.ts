import type { Instance } from "../instances/index.ts";
import type { Seams } from "../seams.ts";
import type { Mailer, Message } from "./mailer.ts";

/** Milliseconds after which the answer that a message is sent beside is long on its way. */
const AFTER_THE_ANSWER = 25;

/**
 * Messages that nobody waits for. They are sent only after the answer: even the work of sending would else be felt in
 * the answer's time, and tell that there is an account to write to.
 */
export class Outbox {
  readonly #mailer: Mailer;
  readonly #timers: Seams["timers"];
  readonly #report: (error: unknown) => void;
  readonly #waiting = new Map<() => void, unknown>();
  readonly #sending = new Set<Promise<void>>();

  constructor(mailer: Mailer, timers: Seams["timers"], report: (error: unknown) => void) {
    this.#mailer = mailer;
    this.#timers = timers;
    this.#report = report;
  }

  /** Sends a message in a moment. What goes wrong is reported. */
  post(instance: Instance, message: Message): void {
    const send = () => {
      this.#waiting.delete(send);
      const sent = this.#mailer.send(instance, message).catch(this.#report);
      this.#sending.add(sent);
      void sent.then(() => this.#sending.delete(sent));
    };
    this.#waiting.set(send, this.#timers.setTimeout(send, AFTER_THE_ANSWER));
  }

  /** Sends at once what waits; resolves when all of it is sent or reported. */
  async flush(): Promise<void> {
    for (const [send, timer] of [...this.#waiting]) {
      this.#timers.clearTimeout(timer);
      send();
    }
    await Promise.all(this.#sending);
  }
}
