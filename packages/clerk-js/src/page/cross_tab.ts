import type { TokenKey } from "../tokens/token_cache.ts";

/** What the tabs of one origin tell each other (F §6.3). */
export type CrossTab = {
  announceSignOut(): void;
  announceToken(key: TokenKey, raw: string): void;
  close(): void;
};

type TokenMessage = {
  sessionId: string;
  organizationId: string | null;
  template?: string;
  tokenId: string;
  tokenRaw: string;
};

/** Listens to the other tabs; where there are no channels, every tab is alone. */
export function joinTabs(listener: {
  signedOut(): void;
  tokenArrived(key: TokenKey, raw: string): void;
}): CrossTab {
  if (typeof BroadcastChannel === "undefined") {
    return { announceSignOut: () => {}, announceToken: () => {}, close: () => {} };
  }
  const session = new BroadcastChannel("clerk");
  const tokens = new BroadcastChannel("clerk:session_token");
  session.onmessage = ({ data }: MessageEvent<{ type?: string } | null>) => {
    if (data?.type === "signout") {
      listener.signedOut();
    }
  };
  tokens.onmessage = ({ data }: MessageEvent<Partial<TokenMessage> | null>) => {
    if (data?.sessionId && data.tokenRaw) {
      const { sessionId, template, organizationId, tokenRaw } = data;
      listener.tokenArrived({ sessionId, template, organizationId: organizationId ?? "" }, tokenRaw);
    }
  };
  return {
    announceSignOut: () => session.postMessage({ type: "signout" }),
    announceToken: ({ sessionId, template, organizationId }, tokenRaw) => {
      const tokenId = [sessionId, template, organizationId].filter(Boolean).join("-");
      tokens.postMessage({ sessionId, template, organizationId, tokenId, tokenRaw } satisfies TokenMessage);
    },
    close: () => {
      session.close();
      tokens.close();
    },
  };
}
