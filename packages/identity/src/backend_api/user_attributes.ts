import { type Fault, fault, IdentityError, refuseField } from "../errors/index.ts";
import type { Call } from "../http/index.ts";

/** What an instance may require of an account besides its password; null for what a request does not give. */
interface Required {
  readonly email_address: string | null;
  readonly username: string | null;
  readonly first_name: string | null;
  readonly last_name: string | null;
  readonly legal_accepted_at: number | null;
}

/** Throws `form_param_missing` for everything that the instance requires of an account and that is not given. */
export function refuseIncomplete({ body, instance: { settings } }: Call, given: Required): void {
  const asksConsent = settings.legalConsent && body.flag("skip_legal_checks") !== true;
  const attributes = {
    email_address: settings.emailAddress,
    username: settings.username,
    first_name: settings.firstName,
    last_name: settings.lastName,
    legal_accepted_at: { enabled: asksConsent, required: true },
  };
  const missing = (Object.keys(attributes) as (keyof Required)[])
    .filter((field) => attributes[field].enabled && attributes[field].required && given[field] === null)
    .map((field) => fault("form_param_missing", { param_name: field }, `An account here needs "${field}".`));
  if (missing.length > 0) throw new IdentityError(missing as [Fault, ...Fault[]]);
}

/** Throws `form_param_unknown` for what the instance's users do not have. */
export function refuseDisabled({ body, instance: { settings } }: Call): void {
  const attributes = [
    ["first_name", settings.firstName],
    ["last_name", settings.lastName],
    ["password", settings.password],
    ["password_digest", settings.password],
  ] as const;
  for (const [field, { enabled }] of attributes) {
    if (!enabled && (body.nullable(field) ?? null) !== null) throw refuseField("form_param_unknown", field);
  }
}
