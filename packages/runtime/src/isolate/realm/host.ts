/** What the host puts into a realm to run functions: strings out, strings back. Never throws. */
export interface ExecutionHost {
  /** A syscall that is answered at once: its JSON, or `!` and the JSON of a {@link SyscallFault}. */
  sync(operation: string, args: string): string;
  /** As `sync`, or `?` and a number: the answer comes later through `settle`. */
  async(operation: string, args: string): string;
  /**
   * How call `id` ended: `+` and the result's JSON, or `-` and an error description; then what it looked at:
   * 1 for the clock, 2 for random numbers.
   */
  done(id: number, outcome: string, looked: number): void;
  /** 32 hex digits for the random numbers of the running call. */
  seed(): string;
}

export interface SyscallFault {
  readonly message: string;
  /** Of a ConvexError: in Convex encoding. */
  readonly data?: unknown;
}

/** The parts of the web realm (`../web/realm_face.ts`) that running functions needs. */
export interface WebRealm {
  begin(mode: string, importClock: number): void;
  enter(mode: string, importClock: number): void;
  setRandomSource(source: ((length: number) => Uint8Array) | null): void;
  describeError(thrown: unknown): string;
  requestFromConvexJson(argument: unknown): unknown;
  responseToConvexJson(argument: unknown): Promise<unknown>;
}
