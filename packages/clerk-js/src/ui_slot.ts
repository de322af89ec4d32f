import { ClerkRuntimeError } from "./errors.ts";
import type { ClerkUi, ModalKind, Unsubscribe } from "./types/clerk.ts";

/** Where a user interface is plugged in; of several, the one that came last shows the modals. */
export class UiSlot {
  readonly #attached: ClerkUi[] = [];

  attach(ui: ClerkUi): Unsubscribe {
    this.#attached.push(ui);
    return () => {
      const index = this.#attached.indexOf(ui);
      if (index !== -1) {
        this.#attached.splice(index, 1);
      }
    };
  }

  /** @throws ClerkRuntimeError `no_user_interface`, naming the caller */
  for(caller: string): ClerkUi {
    const ui = this.#attached.at(-1);
    if (ui === undefined) {
      throw new ClerkRuntimeError(
        `${caller}() needs a user interface: render <ClerkProvider>, or call clerk.attachUi() with your own.`,
        { code: "no_user_interface" },
      );
    }
    return ui;
  }

  close(kind: ModalKind): void {
    this.#attached.at(-1)?.close(kind);
  }
}
