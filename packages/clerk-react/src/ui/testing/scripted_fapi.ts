/** What a Frontend API answers to one request. */
export interface FapiAnswer {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly json: unknown;
}

/** A request, as the client sent it. */
export interface FapiRequest {
  /** `"POST /v1/client/sign_ins"`; the method is the one that counts (F §1.5). */
  readonly call: string;
  readonly form: Record<string, string>;
}

/** The other end of the wire, for pages in tests: it answers what its test says and keeps what it was asked. */
export class ScriptedFapi {
  readonly requests: FapiRequest[] = [];
  readonly #answers = new Map<string, (form: Record<string, string>) => FapiAnswer | Promise<FapiAnswer>>();

  constructor(environment: object) {
    this.on("GET /v1/environment", () => ({ json: environment }));
    this.on("PATCH /v1/environment", () => ({ json: environment }));
    this.on("GET /v1/client", () => ({ json: { response: null, client: null } }));
  }

  /** Says what is answered to `call` from now on. */
  on(call: string, answer: (form: Record<string, string>) => FapiAnswer | Promise<FapiAnswer>): void {
    this.#answers.set(call, answer);
  }

  /** What was asked for with `call`, in order. */
  asked(call: string): Record<string, string>[] {
    return this.requests.filter((request) => request.call === call).map(({ form }) => form);
  }

  readonly fetch: typeof fetch = async (input, init) => {
    const url = new URL(String(input));
    const form = Object.fromEntries(new URLSearchParams(String(init?.body ?? "")));
    const call = `${url.searchParams.get("_method") ?? init?.method ?? "GET"} ${url.pathname}`;
    this.requests.push({ call, form });
    const answer = this.#answers.get(call);
    if (answer === undefined) {
      throw new Error(`Nothing was said about ${call}.`);
    }
    const { status = 200, headers, json } = await answer(form);
    return new Response(JSON.stringify(json), {
      status,
      headers: { "content-type": "application/json", ...headers },
    });
  };
}

/** An answer that refuses (F §2.1). */
export function refusal(
  status: number,
  code: string,
  details: { param?: string; longMessage?: string; meta?: object; headers?: Record<string, string> } = {},
): FapiAnswer {
  return {
    status,
    ...(details.headers === undefined ? {} : { headers: details.headers }),
    json: {
      errors: [
        {
          code,
          message: "short",
          long_message: details.longMessage ?? "A sentence of the server.",
          meta: { ...(details.param === undefined ? {} : { param_name: details.param }), ...details.meta },
        },
      ],
    },
  };
}

/** An instance's settings (F §3): sign-in by e-mail address or username, with password or code. */
export function environmentJson(
  over: { userSettings?: object; display?: object; auth?: object; attributes?: object } = {},
): object {
  const attribute = (enabled: boolean, required = false, firstFactor = false): object => ({
    enabled,
    required,
    used_for_first_factor: firstFactor,
  });
  return {
    auth_config: { single_session_mode: true, ...over.auth },
    display_config: {
      instance_environment_type: "production",
      application_name: "Acme",
      preferred_sign_in_strategy: "password",
      sign_in_url: "http://localhost:3212/sign-in",
      sign_up_url: "http://localhost:3212/sign-up",
      ...over.display,
    },
    user_settings: {
      attributes: {
        email_address: attribute(true, true, true),
        username: attribute(true, false, true),
        first_name: attribute(true),
        last_name: attribute(true),
        password: attribute(true, true),
        ...over.attributes,
      },
      social: {},
      sign_up: { mode: "public", progressive: true, legal_consent_enabled: false },
      password_settings: { min_length: 8, max_length: 72 },
      ...over.userSettings,
    },
  };
}

/** A sign-in under way (F §4.3). */
export function signInJson(over: object = {}): object {
  return {
    object: "sign_in",
    id: "sia_1",
    status: "needs_first_factor",
    identifier: "ada@example.com",
    supported_identifiers: ["email_address"],
    supported_first_factors: [
      { strategy: "password" },
      { strategy: "email_code", email_address_id: "idn_1", safe_identifier: "ada@example.com" },
      {
        strategy: "reset_password_email_code",
        email_address_id: "idn_1",
        safe_identifier: "ada@example.com",
      },
    ],
    supported_second_factors: null,
    first_factor_verification: null,
    second_factor_verification: null,
    user_data: null,
    created_session_id: null,
    ...over,
  };
}

/** A sign-up under way (F §4.6). */
export function signUpJson(over: object = {}): object {
  return {
    object: "sign_up",
    id: "sua_1",
    status: "missing_requirements",
    required_fields: ["email_address", "password"],
    optional_fields: [],
    missing_fields: [],
    unverified_fields: ["email_address"],
    verifications: {
      email_address: {
        status: "unverified",
        strategy: "email_code",
        next_action: "needs_prepare",
        supported_strategies: ["email_code"],
      },
    },
    email_address: "ada@example.com",
    has_password: true,
    created_session_id: null,
    created_user_id: null,
    ...over,
  };
}

/** A client with these attempts and sessions (F §5.1). */
export function clientJson(over: object = {}): object {
  return {
    object: "client",
    id: "client_1",
    sessions: [],
    sign_in: null,
    sign_up: null,
    last_active_session_id: null,
    created_at: 1,
    updated_at: Date.now(),
    ...over,
  };
}

/** A user with one verified address (F §5.4). */
export function userJson(over: object = {}): object {
  return {
    object: "user",
    id: "user_1",
    username: "ada",
    first_name: "Ada",
    last_name: "Lovelace",
    image_url: "",
    has_image: false,
    primary_email_address_id: "idn_1",
    email_addresses: [
      emailAddressJson("idn_1", "ada@example.com", "verified"),
      emailAddressJson("idn_2", "countess@example.net", "unverified"),
    ],
    password_enabled: true,
    delete_self_enabled: true,
    created_at: 1,
    updated_at: Date.now(),
    ...over,
  };
}

/** An address (F §5.5). */
export function emailAddressJson(id: string, address: string, status: "verified" | "unverified"): object {
  return {
    object: "email_address",
    id,
    email_address: address,
    verification: { status, strategy: "email_code", attempts: null, expire_at: null },
    linked_to: [],
  };
}

/** An active session (F §5.2). */
export function sessionJson(id = "sess_1", user = userJson()): object {
  return {
    object: "session",
    id,
    status: "active",
    expire_at: Date.now() + 3_600_000,
    abandon_at: Date.now() + 3_600_000,
    last_active_at: Date.now(),
    last_active_organization_id: null,
    last_active_token: { object: "token", jwt: tokenFor(id) },
    factor_verification_age: [0, -1],
    actor: null,
    tasks: null,
    user,
    public_user_data: {
      first_name: "Ada",
      last_name: "Lovelace",
      identifier: "ada@example.com",
      image_url: "",
    },
    created_at: 1,
    updated_at: Date.now(),
  };
}

/** A token with the claims that the client reads; nobody checks its signature here. */
function tokenFor(sessionId: string): string {
  const part = (value: object): string =>
    btoa(JSON.stringify(value)).replace(/=+$/, "").replaceAll("+", "-").replaceAll("/", "_");
  const now = Math.floor(Date.now() / 1000);
  return `${part({ alg: "RS256", typ: "JWT" })}.${part({ sid: sessionId, sub: "user_1", iat: now, exp: now + 60 })}.c2ln`;
}
