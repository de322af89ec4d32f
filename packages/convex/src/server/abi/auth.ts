import type { Auth, MutationAuth, SignJwtOptions, UserIdentity } from "../authentication.ts";
import { asyncSyscall } from "./syscall.ts";
import { abiVersion } from "./version.ts";

/** `ctx.auth`. The host's answer is plain JSON, not encoded values (R §1.5). */
export function auth(requestId: string): Auth {
  return {
    getUserIdentity: () => asyncSyscall("1.0/getUserIdentity", { requestId }) as Promise<UserIdentity | null>,
  };
}

/** `ctx.auth` of mutations. */
export function mutationAuth(requestId: string): MutationAuth {
  return {
    ...auth(requestId),
    signJwt: (options: SignJwtOptions) =>
      asyncSyscall("1.0/signJwt", { requestId, version: abiVersion, ...options }) as Promise<string>,
  };
}
