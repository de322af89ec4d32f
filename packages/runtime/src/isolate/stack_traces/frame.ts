/** One place of a stack as V8 tells it: 1-based, in the module as it was pushed. */
export interface Frame {
  /** As V8 would print it: `Type.method`, `new Type`, or `null` for the nameless. */
  readonly name: string | null;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly async: boolean;
}

/** What is known of something that was thrown and left the function. */
export interface ErrorDescription {
  /** `<name>: <message>`, or what of it is not empty. */
  readonly head: string;
  readonly frames: readonly Frame[];
  /** JSON text of a ConvexError's data, in Convex encoding. */
  readonly data?: string;
}

/** The name under which the realm script is compiled: its frames are not the user's business. */
export const realmFileName = "tandem:realm";
