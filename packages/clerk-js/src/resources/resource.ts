import type { TokenCache, TokenKey } from "../tokens/token_cache.ts";
import type { SetActiveParams } from "../types/clerk.ts";
import type { TokenResource } from "../types/session.ts";
import type { Api } from "../wire/api.ts";

/** What resources need of the client that they belong to. */
export type ResourceHost = {
  api: Api;
  tokens: TokenCache;
  /** A token has been minted; cookies, other tabs and listeners may want to know. */
  tokenArrived(key: TokenKey, token: TokenResource): void;
  /** Whether the page is in use, so that tokens are worth renewing ahead of time. */
  isFocused(): boolean;
  setActive(params: SetActiveParams): Promise<void>;
  /** Tells the listeners of a change. */
  changed(): void;
  /** Signs out on this page, the server having done so. */
  signedOut(): Promise<void>;
};

/** A time of the wire, or null. */
export function dateOrNull(milliseconds: number | null | undefined): Date | null {
  return milliseconds ? new Date(milliseconds) : null;
}
