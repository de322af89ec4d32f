import { ClerkRuntimeError } from "../errors.ts";
import type { SignInErrors, SignInFields } from "../types/errors.ts";
import type { SignInFirstFactor, SignInSecondFactor } from "../types/factors.ts";
import type {
  AttemptFirstFactorParams,
  AttemptSecondFactorParams,
  FinalizeParams,
  Outcome,
  PrepareFirstFactorParams,
  PrepareSecondFactorParams,
  ResetPasswordParams,
  SignInCreateParams,
  SignInPasswordParams,
  SignInResource,
  SignInStatus,
  UserData,
} from "../types/sign_in.ts";
import { readFields } from "../wire/fields.ts";
import type { FormFields } from "../wire/form.ts";
import type { SignInJson } from "../wire/json.ts";
import { deepSnakeToCamel } from "../wire/snake_case.ts";
import { AttemptProgress, factorNotFound, outcomeOf, sessionMadeBy } from "./attempt.ts";
import type { ResourceHost } from "./resource.ts";
import { Verification } from "./verification.ts";

const FORM_FIELDS: readonly (keyof SignInFields)[] = ["identifier", "password", "code"];

const FIELDS = {
  id: undefined as string | undefined,
  status: null as SignInStatus | null,
  supportedIdentifiers: [] as string[],
  identifier: null as string | null,
  createdSessionId: null as string | null,
};

export interface SignIn extends Fields {}
type Fields = typeof FIELDS;

/** The sign-in of this client: one object for its whole life, whichever attempt it stands for. */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: apply() gives every one of the fields its value
export class SignIn implements SignInResource {
  supportedFirstFactors: SignInFirstFactor[] | null = null;
  supportedSecondFactors: SignInSecondFactor[] | null = null;
  firstFactorVerification: Verification;
  secondFactorVerification: Verification;
  userData: UserData = {};
  readonly #host: ResourceHost;
  readonly #clientId: () => string | undefined;
  readonly #progress: AttemptProgress;

  constructor(host: ResourceHost, clientId: () => string | undefined) {
    Object.assign(this, FIELDS);
    this.#host = host;
    this.#clientId = clientId;
    this.#progress = new AttemptProgress(() => host.changed());
    this.firstFactorVerification = new Verification(null, clientId);
    this.secondFactorVerification = new Verification(null, clientId);
  }

  /** Takes on what the server says; null when there is no attempt any more. */
  apply(json: SignInJson | null | undefined): void {
    if (json?.id !== this.id) {
      this.#progress.clear();
    }
    Object.assign(this, readFields(json, FIELDS));
    this.supportedFirstFactors = factors<SignInFirstFactor>(json?.supported_first_factors);
    this.supportedSecondFactors = factors<SignInSecondFactor>(json?.supported_second_factors);
    this.firstFactorVerification = new Verification(json?.first_factor_verification, this.#clientId);
    this.secondFactorVerification = new Verification(json?.second_factor_verification, this.#clientId);
    this.userData = deepSnakeToCamel(json?.user_data ?? {}) as UserData;
  }

  get fetchStatus(): "idle" | "fetching" {
    return this.#progress.fetchStatus;
  }

  get errors(): SignInErrors {
    return this.#progress.errors<SignInFields>(FORM_FIELDS);
  }

  get isTransferable(): boolean {
    return this.firstFactorVerification.status === "transferable";
  }

  get existingSession(): { sessionId: string } | undefined {
    const error = this.firstFactorVerification.error;
    const sessionId = error?.meta?.sessionId;
    return error?.code === "identifier_already_signed_in" && sessionId ? { sessionId } : undefined;
  }

  create = (params: SignInCreateParams): Promise<this> =>
    this.#post("", { locale: navigator.language, ...params });

  prepareFirstFactor = (params: PrepareFirstFactorParams): Promise<this> =>
    this.#step("prepare_first_factor", params);

  attemptFirstFactor = (params: AttemptFirstFactorParams): Promise<this> =>
    this.#step("attempt_first_factor", params);

  prepareSecondFactor = (params: PrepareSecondFactorParams): Promise<this> =>
    this.#step("prepare_second_factor", params);

  attemptSecondFactor = (params: AttemptSecondFactorParams): Promise<this> =>
    this.#step("attempt_second_factor", { ...params });

  resetPassword = (params: ResetPasswordParams): Promise<this> => this.#step("reset_password", { ...params });

  reload = async (): Promise<this> => {
    await this.#host.api.request<SignInJson>(
      { path: `/client/sign_ins/${this.#mustExist()}`, updatesClient: true },
      (json) => this.apply(json),
    );
    return this;
  };

  password = ({ password, identifier, emailAddress, phoneNumber }: SignInPasswordParams): Promise<Outcome> =>
    outcomeOf(() =>
      this.create({
        identifier: identifier ?? emailAddress ?? phoneNumber ?? this.identifier ?? undefined,
        password,
      }),
    );

  emailCode: SignInResource["emailCode"] = {
    sendCode: ({ emailAddress, emailAddressId } = {}) =>
      outcomeOf(async () => {
        await this.#identify(emailAddress);
        const id = emailAddressId ?? this.#factor("email_code").emailAddressId;
        await this.prepareFirstFactor({ strategy: "email_code", emailAddressId: id });
      }),
    verifyCode: ({ code }) => outcomeOf(() => this.attemptFirstFactor({ strategy: "email_code", code })),
  };

  phoneCode: SignInResource["phoneCode"] = {
    sendCode: ({ phoneNumber, phoneNumberId, channel } = {}) =>
      outcomeOf(async () => {
        await this.#identify(phoneNumber);
        const id = phoneNumberId ?? this.#factor("phone_code").phoneNumberId;
        await this.prepareFirstFactor({ strategy: "phone_code", phoneNumberId: id, channel });
      }),
    verifyCode: ({ code }) => outcomeOf(() => this.attemptFirstFactor({ strategy: "phone_code", code })),
  };

  resetPasswordEmailCode: SignInResource["resetPasswordEmailCode"] = {
    sendCode: () =>
      outcomeOf(() => {
        const strategy = "reset_password_email_code";
        return this.prepareFirstFactor({ strategy, emailAddressId: this.#factor(strategy).emailAddressId });
      }),
    verifyCode: ({ code }) =>
      outcomeOf(() => this.attemptFirstFactor({ strategy: "reset_password_email_code", code })),
    submitPassword: ({ password, signOutOfOtherSessions = true }) =>
      outcomeOf(() => this.resetPassword({ password, signOutOfOtherSessions })),
  };

  mfa: SignInResource["mfa"] = {
    sendPhoneCode: () => outcomeOf(() => this.prepareSecondFactor({ strategy: "phone_code" })),
    verifyPhoneCode: ({ code }) => this.#secondFactor("phone_code", code),
    sendEmailCode: () => outcomeOf(() => this.prepareSecondFactor({ strategy: "email_code" })),
    verifyEmailCode: ({ code }) => this.#secondFactor("email_code", code),
    verifyTOTP: ({ code }) => this.#secondFactor("totp", code),
    verifyBackupCode: ({ code }) => this.#secondFactor("backup_code", code),
  };

  ticket = ({ ticket }: { ticket: string }): Promise<Outcome> =>
    outcomeOf(() => this.create({ strategy: "ticket", ticket }));

  finalize = ({ navigate }: FinalizeParams = {}): Promise<Outcome> =>
    outcomeOf(async () => {
      await this.#host.setActive({ session: sessionMadeBy("sign_in", this), navigate });
    });

  reset = async (): Promise<Outcome> => {
    this.apply(null);
    this.#progress.clear();
    this.#host.changed();
    return { error: null };
  };

  /** Starts the sign-in of an identifier, unless it is the one that is being signed in already. */
  async #identify(identifier: string | undefined): Promise<void> {
    const isUnderWay = identifier === this.identifier && this.status === "needs_first_factor";
    if (identifier !== undefined && !isUnderWay) {
      await this.create({ identifier });
    }
  }

  #factor<S extends SignInFirstFactor["strategy"]>(strategy: S): Extract<SignInFirstFactor, { strategy: S }> {
    const offered = this.supportedFirstFactors?.filter((factor) => factor.strategy === strategy) ?? [];
    const factor =
      offered.find((one) => "safeIdentifier" in one && one.safeIdentifier === this.identifier) ?? offered[0];
    if (factor === undefined) {
      throw factorNotFound(strategy);
    }
    return factor as Extract<SignInFirstFactor, { strategy: S }>;
  }

  #secondFactor(strategy: AttemptSecondFactorParams["strategy"], code: string): Promise<Outcome> {
    return outcomeOf(() => this.attemptSecondFactor({ strategy, code }));
  }

  async #step(action: string, body: FormFields): Promise<this> {
    return this.#post(`/${this.#mustExist()}/${action}`, body);
  }

  #post(path: string, body: FormFields): Promise<this> {
    return this.#progress.run(path + JSON.stringify(body), async () => {
      await this.#host.api.request<SignInJson>(
        { method: "POST", path: `/client/sign_ins${path}`, body },
        (json) => this.apply(json),
      );
      return this;
    });
  }

  #mustExist(): string {
    if (this.id === undefined) {
      throw new ClerkRuntimeError("There is no sign-in yet. Start one with signIn.create({ identifier }).", {
        code: "sign_in_not_started",
      });
    }
    return this.id;
  }
}

function factors<Factor>(list: object[] | null | undefined): Factor[] | null {
  return list ? (deepSnakeToCamel(list) as Factor[]) : null;
}
