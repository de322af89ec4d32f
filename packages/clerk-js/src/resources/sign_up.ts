import { ClerkRuntimeError } from "../errors.ts";
import type { SignUpErrors, SignUpFields } from "../types/errors.ts";
import type { FinalizeParams, Outcome } from "../types/sign_in.ts";
import type {
  AttemptVerificationParams,
  PrepareEmailAddressVerificationParams,
  PrepareVerificationParams,
  SignUpCreateParams,
  SignUpPasswordParams,
  SignUpResource,
  SignUpStatus,
  SignUpUpdateParams,
  SignUpVerificationsResource,
} from "../types/sign_up.ts";
import { readFields } from "../wire/fields.ts";
import type { FormFields } from "../wire/form.ts";
import type { SignUpJson } from "../wire/json.ts";
import { AttemptProgress, outcomeOf, sessionMadeBy } from "./attempt.ts";
import type { ResourceHost } from "./resource.ts";
import { SignUpVerification, Verification } from "./verification.ts";

const FORM_FIELDS: readonly (keyof SignUpFields)[] = [
  "firstName",
  "lastName",
  "emailAddress",
  "phoneNumber",
  "password",
  "username",
  "code",
  "captcha",
  "legalAccepted",
];

const FIELDS = {
  id: undefined as string | undefined,
  status: null as SignUpStatus | null,
  requiredFields: [] as string[],
  optionalFields: [] as string[],
  missingFields: [] as string[],
  unverifiedFields: [] as string[],
  username: null as string | null,
  firstName: null as string | null,
  lastName: null as string | null,
  emailAddress: null as string | null,
  phoneNumber: null as string | null,
  web3Wallet: null as string | null,
  hasPassword: false,
  unsafeMetadata: {} as Record<string, unknown>,
  createdSessionId: null as string | null,
  createdUserId: null as string | null,
  abandonAt: null as number | null,
  legalAcceptedAt: null as number | null,
  locale: null as string | null,
};

export interface SignUp extends Fields {}
type Fields = typeof FIELDS;

/** The sign-up of this client: one object for its whole life, whichever attempt it stands for. */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: apply() gives every one of the fields its value
export class SignUp implements SignUpResource {
  readonly verifications: SignUpVerificationsResource;
  readonly #host: ResourceHost;
  readonly #clientId: () => string | undefined;
  readonly #progress: AttemptProgress;

  constructor(host: ResourceHost, clientId: () => string | undefined) {
    this.#host = host;
    this.#clientId = clientId;
    this.#progress = new AttemptProgress(() => host.changed());
    Object.assign(this, FIELDS);
    this.verifications = {
      ...this.#readVerifications(null),
      sendEmailCode: () => outcomeOf(() => this.prepareVerification({ strategy: "email_code" })),
      verifyEmailCode: ({ code }) =>
        outcomeOf(() => this.attemptVerification({ strategy: "email_code", code })),
      sendPhoneCode: (params) =>
        outcomeOf(() => this.prepareVerification({ strategy: "phone_code", ...params })),
      verifyPhoneCode: ({ code }) =>
        outcomeOf(() => this.attemptVerification({ strategy: "phone_code", code })),
    };
  }

  /** Takes on what the server says; null when there is no attempt any more. */
  apply(json: SignUpJson | null | undefined): void {
    if (json?.id !== this.id) {
      this.#progress.clear();
    }
    Object.assign(this, readFields(json, FIELDS));
    Object.assign(this.verifications, this.#readVerifications(json));
  }

  get fetchStatus(): "idle" | "fetching" {
    return this.#progress.fetchStatus;
  }

  get errors(): SignUpErrors {
    return this.#progress.errors<SignUpFields>(FORM_FIELDS);
  }

  get isTransferable(): boolean {
    const { status, error } = this.verifications.externalAccount;
    return status === "transferable" && error?.code === "external_account_exists";
  }

  get existingSession(): { sessionId: string } | undefined {
    const { error } = this.verifications.externalAccount;
    const sessionId = error?.meta?.sessionId;
    return error?.code === "identifier_already_signed_in" && sessionId ? { sessionId } : undefined;
  }

  create = (params: SignUpCreateParams): Promise<this> =>
    this.#send("POST", "", { locale: navigator.language, ...params });

  update = async (params: SignUpUpdateParams): Promise<this> =>
    this.#send("PATCH", `/${this.#mustExist()}`, { ...params });

  upsert = (params: SignUpCreateParams): Promise<this> =>
    // A completed one is there until the next begins.
    this.status === "missing_requirements" ? this.update(params) : this.create(params);

  prepareVerification = async (params: PrepareVerificationParams): Promise<this> =>
    this.#send("POST", `/${this.#mustExist()}/prepare_verification`, params);

  attemptVerification = async (params: AttemptVerificationParams): Promise<this> =>
    this.#send("POST", `/${this.#mustExist()}/attempt_verification`, { ...params });

  prepareEmailAddressVerification = (params?: PrepareEmailAddressVerificationParams): Promise<this> =>
    this.prepareVerification(params ?? { strategy: "email_code" });

  attemptEmailAddressVerification = ({ code }: { code: string }): Promise<this> =>
    this.attemptVerification({ strategy: "email_code", code });

  preparePhoneNumberVerification = (params?: { channel?: string }): Promise<this> =>
    this.prepareVerification({ ...params, strategy: "phone_code" });

  attemptPhoneNumberVerification = ({ code }: { code: string }): Promise<this> =>
    this.attemptVerification({ strategy: "phone_code", code });

  reload = async (): Promise<this> => {
    await this.#host.api.request<SignUpJson>(
      { path: `/client/sign_ups/${this.#mustExist()}`, updatesClient: true },
      (json) => this.apply(json),
    );
    return this;
  };

  password = (params: SignUpPasswordParams): Promise<Outcome> =>
    outcomeOf(() => this.upsert({ ...params, strategy: "password" }));

  ticket = (params: SignUpCreateParams & { ticket: string }): Promise<Outcome> =>
    outcomeOf(() => this.create({ ...params, strategy: "ticket" }));

  finalize = ({ navigate }: FinalizeParams = {}): Promise<Outcome> =>
    outcomeOf(async () => {
      await this.#host.setActive({ session: sessionMadeBy("sign_up", this), navigate });
    });

  reset = async (): Promise<Outcome> => {
    this.apply(null);
    this.#progress.clear();
    this.#host.changed();
    return { error: null };
  };

  #send(method: "POST" | "PATCH", path: string, body: FormFields): Promise<this> {
    return this.#progress.run(method + path + JSON.stringify(body), async () => {
      await this.#host.api.request<SignUpJson>({ method, path: `/client/sign_ups${path}`, body }, (json) =>
        this.apply(json),
      );
      return this;
    });
  }

  #readVerifications(
    json: SignUpJson | null | undefined,
  ): Pick<SignUpVerificationsResource, "emailAddress" | "phoneNumber" | "externalAccount" | "web3Wallet"> {
    const verifications = json?.verifications;
    return {
      emailAddress: new SignUpVerification(verifications?.email_address, this.#clientId),
      phoneNumber: new SignUpVerification(verifications?.phone_number, this.#clientId),
      externalAccount: new Verification(verifications?.external_account, this.#clientId),
      web3Wallet: new Verification(verifications?.web3_wallet, this.#clientId),
    };
  }

  #mustExist(): string {
    if (this.id === undefined) {
      throw new ClerkRuntimeError(
        "There is no sign-up yet. Start one with signUp.create({ emailAddress }).",
        {
          code: "sign_up_not_started",
        },
      );
    }
    return this.id;
  }
}
