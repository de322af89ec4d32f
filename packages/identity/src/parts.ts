import type { Seal } from "@tandem/engine";
import type { Events } from "./events/events.ts";
import type { Instances } from "./instances/index.ts";
import type { SigningKeys } from "./keys/signing_keys.ts";
import type { Limits } from "./limits.ts";
import type { Mailer, Outbox } from "./mail/index.ts";
import type { Passwords } from "./passwords/index.ts";
import type { Rates } from "./rate_limits/index.ts";
import type { Seams } from "./seams.ts";
import type { Store } from "./store/index.ts";

/** What features are built from; each takes of it what it needs. */
export interface Parts {
  readonly store: Store;
  readonly seal: Seal;
  readonly seams: Seams;
  readonly limits: Limits;
  readonly keys: SigningKeys;
  readonly instances: Instances;
  readonly passwords: Passwords;
  readonly mailer: Mailer;
  readonly outbox: Outbox;
  readonly rates: Rates;
  readonly events: Events;
  /** 64 hex digits: codes and fake ids hang on it. */
  readonly instanceSecret: string;
  /** What goes wrong behind an answer that has been given. */
  readonly report: (error: unknown) => void;
}
