import type { ClerkStatus } from "./types/clerk.ts";

export type StatusHandler = (status: ClerkStatus) => void;

/** How far the client has come, and who wants to know. */
export class StatusBoard {
  #status: ClerkStatus = "loading";
  readonly #handlers = new Set<StatusHandler>();

  get status(): ClerkStatus {
    return this.#status;
  }

  set(status: ClerkStatus): void {
    if (status !== this.#status) {
      this.#status = status;
      for (const handler of [...this.#handlers]) {
        handler(status);
      }
    }
  }

  /** @param notify - whether to tell the present status at once */
  on(handler: StatusHandler, notify: boolean): void {
    this.#handlers.add(handler);
    if (notify) {
      handler(this.#status);
    }
  }

  off(handler: StatusHandler): void {
    this.#handlers.delete(handler);
  }
}
