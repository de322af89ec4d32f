import { ClerkRuntimeError, isClerkAPIResponseError } from "../errors.ts";
import type { Errors, FieldError } from "../types/errors.ts";
import type { Outcome } from "../types/sign_in.ts";
import { snakeToCamel } from "../wire/snake_case.ts";

/** What the last call of a sign-in or sign-up came to, as the hooks show it. */
export class AttemptProgress {
  readonly #changed: () => void;
  /** What the running call sends; the same again meanwhile is the same call. */
  readonly #running = new Map<string, Promise<unknown>>();
  #error: unknown = null;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  get fetchStatus(): "idle" | "fetching" {
    return this.#running.size > 0 ? "fetching" : "idle";
  }

  errors<Fields>(names: readonly (keyof Fields & string)[]): Errors<Fields> {
    return sortErrors<Fields>(this.#error, names);
  }

  /** Forgets the last call's error. */
  clear(): void {
    this.#error = null;
  }

  /**
   * Runs a call and remembers what came of it.
   *
   * @param key - what the call would send; one of the same key that is still running is joined (F §2.4)
   */
  run<T>(key: string, call: () => Promise<T>): Promise<T> {
    const running = this.#running.get(key) as Promise<T> | undefined;
    if (running !== undefined) {
      return running;
    }
    this.#error = null;
    const promise = this.#follow(key, call);
    this.#running.set(key, promise);
    this.#changed();
    return promise;
  }

  async #follow<T>(key: string, call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (error) {
      this.#error = error;
      throw error;
    } finally {
      this.#running.delete(key);
      this.#changed();
    }
  }
}

/** Turns a call that throws into one that says so. */
export async function outcomeOf(call: () => Promise<unknown>): Promise<Outcome> {
  try {
    await call();
    return { error: null };
  } catch (error) {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }
}

/** The session that an attempt has made. @throws ClerkRuntimeError `sign_in_incomplete` or `sign_up_incomplete` */
export function sessionMadeBy(
  kind: "sign_in" | "sign_up",
  { createdSessionId, status }: { readonly createdSessionId: string | null; readonly status: string | null },
): string {
  if (createdSessionId === null) {
    throw new ClerkRuntimeError(`There is no session yet: the ${kind} is "${status}", not "complete".`, {
      code: `${kind}_incomplete`,
    });
  }
  return createdSessionId;
}

/** The error of a step that this account or this sign-in does not offer. */
export function factorNotFound(strategy: string): ClerkRuntimeError {
  return new ClerkRuntimeError(
    `This sign-in does not offer "${strategy}": supportedFirstFactors says what it does.`,
    { code: "factor_not_found" },
  );
}

function sortErrors<Fields>(error: unknown, names: readonly (keyof Fields & string)[]): Errors<Fields> {
  const fields = Object.fromEntries(names.map((name) => [name, null])) as Record<string, FieldError | null>;
  if (error === null) {
    return { fields: fields as Fields, raw: null, global: null };
  }
  if (!isClerkAPIResponseError(error)) {
    return { fields: fields as Fields, raw: [error], global: [error as Error] };
  }
  let belongsToNoField = false;
  for (const { code, message, longMessage, meta } of error.errors) {
    const name = snakeToCamel(meta?.paramName ?? "");
    if (name in fields) {
      fields[name] ??= { code, message, longMessage };
    } else {
      belongsToNoField = true;
    }
  }
  return { fields: fields as Fields, raw: error.errors, global: belongsToNoField ? [error] : null };
}
