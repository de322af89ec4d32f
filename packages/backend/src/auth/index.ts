import type { AuthInfo } from "@tandem/protocol";
import type { Seams } from "../seams.ts";
import { openAdminKey, sealAdminKey } from "./admin_key.ts";
import type { Authenticator, Caller, TokenFacts, TokenGate } from "./caller.ts";
import { verifyCustomJwt } from "./custom_jwt.ts";
import { ProviderDocuments } from "./documents.ts";
import { decodeJwt } from "./jwt.ts";
import { verifyOidcToken } from "./oidc.ts";
import { isCustomJwt, selectProvider } from "./providers.ts";
import { sessionOver } from "./session_over.ts";
import { onThisThread, type Signatures } from "./signatures/signatures.ts";
import { identityOfAttributes, identityOfCustomClaims, identityOfOidcClaims } from "./user_identity.ts";
import { digestOfToken, VerifiedTokens } from "./verified_tokens.ts";

export interface AuthenticatorOptions {
  readonly instanceName: string;
  /** 64 hex digits. */
  readonly instanceSecret: string;
  /** The providers that are live; a new list when a push changes them. */
  readonly providers: () => readonly AuthInfo[];
  readonly seams: Seams;
  readonly redact: boolean;
  /** Milliseconds that a provider has to answer. */
  readonly providerTimeout: number;
  /** Who knows of sessions that have ended before their tokens; nobody by default. */
  readonly gate?: TokenGate;
  /** Who verifies signatures; this thread by default. */
  readonly signatures?: Signatures;
}

export function createAuthenticator(options: AuthenticatorOptions): Authenticator {
  const { instanceName, instanceSecret, seams, redact, signatures = onThisThread } = options;
  const documents = new ProviderDocuments(seams, options.providerTimeout);
  const verified = new VerifiedTokens();
  let verifiedFor: readonly AuthInfo[] | null = null;
  /** Counts the times that tokens were forgotten: a token that was being judged meanwhile is judged again. */
  let forgotten = 0;

  async function checkNotOver(token: TokenFacts): Promise<void> {
    if (await options.gate?.(token)) {
      throw sessionOver();
    }
  }

  return {
    async user(token): Promise<Caller> {
      const providers = options.providers();
      if (verifiedFor !== providers) {
        verified.clear();
        verifiedFor = providers;
      }
      const now = seams.clock.now();
      const digest = digestOfToken(token);
      const known = verified.get(digest, now);
      if (known !== null) {
        return known;
      }
      const jwt = decodeJwt(token);
      const provider = selectProvider(providers, jwt.claims, redact);
      let identity: NonNullable<ReturnType<typeof identityOfOidcClaims>>;
      if (isCustomJwt(provider)) {
        await verifyCustomJwt(jwt, provider, documents, signatures, now, redact);
        identity = identityOfCustomClaims(jwt.claims);
      } else {
        await verifyOidcToken(jwt, provider.applicationID, documents, signatures, now);
        identity = identityOfOidcClaims(jwt.claims);
      }
      const { iss, sub, exp, jti } = jwt.claims;
      const facts = {
        issuer: iss as string,
        subject: sub as string,
        id: typeof jti === "string" ? jti : null,
      };
      for (let judged = -1; judged !== forgotten; ) {
        judged = forgotten;
        await checkNotOver(facts);
      }
      const caller = {
        kind: "user",
        identity,
        expiresAt: (exp as number) * 1000,
        token: facts,
      } as const;
      if (verifiedFor === providers) {
        verified.add(digest, caller);
      }
      return caller;
    },

    admin(key, actingAs): Caller {
      const { readOnly } = openAdminKey(instanceName, instanceSecret, key);
      return {
        kind: "admin",
        readOnly,
        actingAs: actingAs === undefined || actingAs === null ? null : identityOfAttributes(actingAs),
      };
    },

    forget(match): void {
      forgotten += 1;
      verified.forget(match);
    },
  };
}

/** A key that opens this deployment's tools: pushes, variables, data, logs. It does not expire. */
export function issueAdminKey(options: {
  readonly instanceName: string;
  readonly instanceSecret: string;
  readonly seams: Seams;
}): string {
  const { instanceName, instanceSecret, seams } = options;
  const content = { issued: Math.floor(seams.clock.now() / 1000), readOnly: false };
  return sealAdminKey(instanceName, instanceSecret, content, seams.random.bytes(12));
}
