const codes: Readonly<Record<string, number>> = {
  IndexSizeError: 1,
  HierarchyRequestError: 3,
  WrongDocumentError: 4,
  InvalidCharacterError: 5,
  NoModificationAllowedError: 7,
  NotFoundError: 8,
  NotSupportedError: 9,
  InUseAttributeError: 10,
  InvalidStateError: 11,
  SyntaxError: 12,
  InvalidModificationError: 13,
  NamespaceError: 14,
  InvalidAccessError: 15,
  TypeMismatchError: 17,
  SecurityError: 18,
  NetworkError: 19,
  AbortError: 20,
  URLMismatchError: 21,
  QuotaExceededError: 22,
  TimeoutError: 23,
  InvalidNodeTypeError: 24,
  DataCloneError: 25,
};

/** https://webidl.spec.whatwg.org/#idl-DOMException */
export class DOMException extends Error {
  readonly #name: string;

  constructor(message = "", options: string | { name?: string; cause?: unknown } = "Error") {
    super(
      String(message),
      typeof options === "object" && "cause" in options ? { cause: options.cause } : undefined,
    );
    this.#name = typeof options === "object" ? String(options.name ?? "Error") : String(options);
  }

  override get name(): string {
    // The prototype itself has no state; reading its name must not throw.
    return #name in this ? this.#name : "Error";
  }

  get code(): number {
    return codes[this.name] ?? 0;
  }
}

for (const [name, code] of Object.entries(codes)) {
  const constant = `${name
    .replace(/Error$/, "")
    .replace(/(?<=[a-z])(?=[A-Z])|(?<=URL)(?=M)/g, "_")
    .toUpperCase()}_ERR`;
  const descriptor = { value: code, enumerable: true };
  Object.defineProperty(DOMException, constant, descriptor);
  Object.defineProperty(DOMException.prototype, constant, descriptor);
}
