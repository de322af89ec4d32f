import type { StoredPassword } from "./passwords.ts";

/** What a password thread is asked, and what it answers. */
export type HashWork =
  | {
      readonly kind: "hash";
      readonly password: string;
      /** Bytes. */
      readonly memory: number;
      readonly passes: number;
    }
  | {
      readonly kind: "verify";
      readonly password: string;
      readonly stored: StoredPassword;
      /** Compared as well when `stored` does not match, so that no wrong password costs less than this. */
      readonly decoy: StoredPassword | null;
    };

export type HashAnswer =
  | { readonly kind: "hashed"; readonly digest: string }
  | {
      readonly kind: "verified";
      readonly matches: boolean;
      /** The hashers that worked for it, in their order. */
      readonly hashers: readonly string[];
    }
  | { readonly kind: "failed"; readonly message: string };
