/** What `convex dev` watches before it tries a failed push again. */
export type Remedy =
  /** The user has to change a file. */
  | { readonly type: "files" }
  /** One of these environment variables of the deployment has to change (or a file). */
  | { readonly type: "environment"; readonly names: readonly string[] }
  /** A document of this table has to change (or a file, such as the schema). */
  | { readonly type: "table"; readonly tableName: string; readonly componentPath: string }
  /** Nothing the user did: another push or a write got in the way. Try again at once. */
  | { readonly type: "again" };

/**
 * A failure with a text for the user: what was wrong and what to do next. `main.ts` prints the text
 * without a stack and ends with exit code 1; any other error is a fault of this program and keeps its stack.
 */
export class Failure extends Error {
  override readonly name = "Failure";
  /** What would make a second try worth it; absent when only a new call of the command would. */
  readonly remedy: Remedy | undefined;
  /** The code that the deployment gave (R §4.1), if it was the deployment that refused. */
  readonly code: string | undefined;

  constructor(message: string, about: { remedy?: Remedy; code?: string | undefined; cause?: unknown } = {}) {
    super(message, about.cause === undefined ? undefined : { cause: about.cause });
    this.remedy = about.remedy;
    this.code = about.code;
  }
}

/** The text of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
