/** What a password thread is asked, and what it answers. */
export type HashWork =
  | {
      readonly kind: "hash";
      readonly password: string;
      /** Bytes. */
      readonly memory: number;
      readonly passes: number;
    }
  | { readonly kind: "verify"; readonly password: string; readonly digest: string; readonly hasher: string };

export type HashAnswer =
  | { readonly kind: "hashed"; readonly digest: string }
  | { readonly kind: "verified"; readonly matches: boolean }
  | { readonly kind: "failed"; readonly message: string };
