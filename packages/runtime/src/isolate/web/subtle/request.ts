/** An algorithm with its parameters; bytes are `{$bytes: string of 0–255}`, keys are `{$key: KeyDescription}`. */
export interface AlgorithmParameters {
  readonly name: string;
  readonly [parameter: string]: unknown;
}

/** A key as it travels between the isolate and the host: everything that there is of it. */
export interface KeyDescription {
  readonly type: "secret" | "private" | "public";
  readonly extractable: boolean;
  readonly algorithm: AlgorithmParameters;
  readonly usages: readonly string[];
  /** Base64: the raw bytes of a secret key, PKCS#8 of a private one, SPKI of a public one. */
  readonly material: string;
}

/** What `crypto.subtle` asks of the host. The data to work on follows as bytes. */
export type SubtleRequest =
  | { readonly operation: "digest"; readonly algorithm: AlgorithmParameters }
  | {
      readonly operation: "importKey";
      readonly format: string;
      readonly algorithm: AlgorithmParameters;
      readonly extractable: boolean;
      readonly usages: readonly string[];
      readonly jwk: Record<string, unknown> | null;
    }
  | { readonly operation: "exportKey"; readonly format: string; readonly key: KeyDescription }
  | {
      readonly operation: "generateKey";
      readonly algorithm: AlgorithmParameters;
      readonly extractable: boolean;
      readonly usages: readonly string[];
    }
  | {
      readonly operation: "sign" | "encrypt" | "decrypt";
      readonly algorithm: AlgorithmParameters;
      readonly key: KeyDescription;
    }
  | {
      readonly operation: "verify";
      readonly algorithm: AlgorithmParameters;
      readonly key: KeyDescription;
      /** A string of 0–255. */
      readonly signature: string;
    }
  | {
      readonly operation: "deriveBits";
      readonly algorithm: AlgorithmParameters;
      readonly key: KeyDescription;
      /** In bits; `null` is all that there is. */
      readonly length: number | null;
    }
  /** How many bits a key of this algorithm has, when it is derived. */
  | { readonly operation: "keyLength"; readonly algorithm: AlgorithmParameters };
