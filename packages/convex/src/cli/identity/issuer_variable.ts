import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

/** Names under which guides let `auth.config.ts` read the address of the issuer. */
const ISSUER_NAMES = ["CLERK_JWT_ISSUER_DOMAIN", "CLERK_FRONTEND_API_URL"] as const;

/** Which variables with the issuer's address the project's `auth.config` reads; none when there is no such file. */
export function issuerVariables(functionsDir: string): string[] {
  for (const name of ["auth.config.ts", "auth.config.js"]) {
    const file = path.join(functionsDir, name);
    if (!existsSync(file)) continue;
    const text = readFileSync(file, "utf8");
    return ISSUER_NAMES.filter((variable) => new RegExp(`process\\.env\\.${variable}\\b`).test(text));
  }
  return [];
}

/**
 * Is this the address of a local issuer, such as an earlier start wrote? Those are brought up to date; the address of
 * any other issuer was set by somebody who meant it.
 */
export function isLocalIssuer(address: string): boolean {
  return isOnThisMachine(address) && new URL(address).protocol === "http:";
}

/** Does this address lead to whatever machine it is used on? */
export function isOnThisMachine(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { hostname } = new URL(address);
  return hostname === "localhost" || hostname === "[::1]" || /^127(?:\.\d+){3}$/.test(hostname);
}
