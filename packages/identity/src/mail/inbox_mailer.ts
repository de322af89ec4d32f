import { refuse } from "../errors/index.ts";
import type { Instance } from "../instances/index.ts";
import type { Limits } from "../limits.ts";
import { publicId } from "../public_id.ts";
import type { Seams } from "../seams.ts";
import type { Store } from "../store/index.ts";
import type { Mailer, Message } from "./mailer.ts";
import { html, plainText, textOf } from "./texts.ts";

export interface InboxParts {
  readonly store: Store;
  readonly seams: Seams;
  readonly limits: Limits;
  /** Where lines for whoever runs the server go. */
  readonly log: (line: string) => void;
  readonly report: (error: unknown) => void;
}

/** Keeps a development instance's messages for its inbox page. A production instance has no such place. */
export class InboxMailer implements Mailer {
  readonly #parts: InboxParts;
  readonly #listeners = new Set<() => void>();

  constructor(parts: InboxParts) {
    this.#parts = parts;
  }

  /** Called after each message. Answers a function that ends it. */
  onMessage(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async send(instance: Instance, message: Message): Promise<void> {
    const { store, seams, limits, log, report } = this.#parts;
    if (instance.environment === "production") {
      report(
        new Error(
          "A message of the production instance could not be sent: there is no mail server. Set TANDEM_SMTP_URL and TANDEM_MAIL_FROM.",
        ),
      );
      throw refuse("mail_delivery_failed");
    }
    const application = instance.settings.applicationName;
    const text = textOf(message, application, Math.round(limits.codeLifetime / 60_000));
    await store.transact("inbox", async (tx) => {
      let kept = 1;
      for await (const old of tx.all("inbox_messages", "by_time", [instance.id], "desc")) {
        if (kept < limits.inboxMessages) kept++;
        else await tx.remove("inbox_messages", old);
      }
      await tx.insert("inbox_messages", {
        id: publicId("msg", seams.random),
        instanceId: instance.id,
        to: message.to,
        subject: text.subject,
        text: plainText(text, application),
        html: html(text, application),
        code: text.code,
        createdAt: seams.clock.now(),
      });
    });
    log(`Mail to ${message.to}: ${text.subject}. Read it at ${instance.issuer}/inbox`);
    for (const listener of this.#listeners) listener();
  }

  async close(): Promise<void> {
    this.#listeners.clear();
  }
}
