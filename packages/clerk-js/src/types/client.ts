import type { ClerkResource } from "./resource.ts";
import type { SessionResource, SignedInSessionResource } from "./session.ts";
import type { SignInResource } from "./sign_in.ts";
import type { SignUpResource } from "./sign_up.ts";

/** This browser as the server knows it: who is signed in, and what is under way (F §5.1). */
export interface ClientResource extends ClerkResource {
  sessions: SessionResource[];
  /** The sessions that are active or pending. */
  readonly signedInSessions: SignedInSessionResource[];
  readonly activeSessions: SessionResource[];
  signIn: SignInResource;
  signUp: SignUpResource;
  lastActiveSessionId: string | null;
  lastAuthenticationStrategy: string | null;
  cookieExpiresAt: Date | null;
  captchaBypass: boolean;
  createdAt: Date | null;
  updatedAt: Date | null;
  /** Whether the server has no client for this browser yet. */
  isNew(): boolean;
}
