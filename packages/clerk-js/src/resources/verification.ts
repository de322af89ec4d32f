import type { ClerkAPIError } from "../types/errors.ts";
import type {
  SignUpVerificationResource,
  VerificationResource,
  VerificationStatus,
} from "../types/verification.ts";
import { readApiError } from "../wire/api_errors.ts";
import type { VerificationJson } from "../wire/json.ts";
import { dateOrNull } from "./resource.ts";

/** A verification as the server described it; an empty one where it described none. */
export class Verification implements VerificationResource {
  readonly status: VerificationStatus | null;
  readonly strategy: string | null;
  readonly attempts: number | null;
  readonly expireAt: Date | null;
  readonly nonce: string | null;
  readonly message: string | null;
  readonly externalVerificationRedirectURL: URL | null;
  readonly verifiedAtClient: string | null;
  readonly channel: "sms" | "whatsapp" | undefined;
  readonly error: ClerkAPIError | null;
  readonly #clientId: () => string | undefined;

  /** @param clientId - the client that asks */
  constructor(json: VerificationJson | null | undefined, clientId: () => string | undefined) {
    this.status = json?.status ?? null;
    this.strategy = json?.strategy ?? null;
    this.attempts = json?.attempts ?? null;
    this.expireAt = dateOrNull(json?.expire_at);
    this.nonce = json?.nonce ?? null;
    this.message = json?.message ?? null;
    const redirect = json?.external_verification_redirect_url;
    this.externalVerificationRedirectURL = redirect ? new URL(redirect) : null;
    this.verifiedAtClient = json?.verified_at_client ?? null;
    this.channel = json?.channel;
    this.error = json?.error ? readApiError(json.error) : null;
    this.#clientId = clientId;
  }

  verifiedFromTheSameClient(): boolean {
    return this.verifiedAtClient !== null && this.verifiedAtClient === this.#clientId();
  }
}

/** A verification of a sign-up. */
export class SignUpVerification extends Verification implements SignUpVerificationResource {
  readonly nextAction: SignUpVerificationResource["nextAction"];
  readonly supportedStrategies: string[];

  constructor(json: VerificationJson | null | undefined, clientId: () => string | undefined) {
    super(json, clientId);
    this.nextAction = json?.next_action ?? "";
    this.supportedStrategies = json?.supported_strategies ?? [];
  }
}
