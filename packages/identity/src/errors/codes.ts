/**
 * Every error that identity answers: code, status, and the two texts (F §8.2, B §1.2). `message` is the short one.
 * Texts say what was wrong and what to do.
 */
interface ErrorRule {
  readonly status: number;
  readonly message: string;
  readonly longMessage: string;
}

const rule = (status: number, message: string, longMessage: string): ErrorRule => ({
  status,
  message,
  longMessage,
});

/** Every error of the server by its code on the wire (F §8, B §1.2). */
export const ERRORS = {
  form_param_nil: rule(422, "is empty", "This field is empty: enter a value."),
  form_param_missing: rule(422, "is missing", "This field is missing: give it a value."),
  form_param_unknown: rule(422, "is unknown", "This instance does not take this field."),
  form_param_format_invalid: rule(422, "is invalid", "This value does not have the right form."),
  form_param_value_invalid: rule(422, "is invalid", "This value is not one of those that are possible here."),
  form_param_type_invalid: rule(422, "has the wrong type", "This value has the wrong type."),
  form_param_max_length_exceeded: rule(422, "is too long", "This value is too long."),
  form_param_value_too_large: rule(422, "is too large", "This value is too large."),
  form_param_duplicate: rule(422, "is given twice", "This field may be given once only."),
  form_param_value_disabled: rule(400, "is turned off", "This way is turned off in this instance."),
  form_param_exceeds_allowed_size: rule(422, "is too large", "This value is larger than what is allowed."),
  form_param_invalid_time: rule(422, "is no time", "Give the time in the form of RFC 3339."),
  form_conditional_param_disallowed: rule(
    422,
    "is not possible here",
    "This field means nothing without another one.",
  ),
  form_conditional_param_missing: rule(422, "is missing", "This field is needed together with another one."),
  form_resource_not_found: rule(422, "not found", "What this field names was not found."),
  form_identifier_not_found: rule(422, "not found", "There is no account with this identifier."),
  form_identifier_exists: rule(
    422,
    "is taken",
    "This identifier is taken. Choose another one, or sign in with it.",
  ),
  form_password_incorrect: rule(
    422,
    "is incorrect",
    "The password is incorrect. Try again, or use another method.",
  ),
  form_password_validation_failed: rule(422, "is incorrect", "The current password is incorrect."),
  form_password_compromised: rule(
    422,
    "is known to somebody else",
    "Somebody else may know this password. Reset it, or sign in by another method.",
  ),
  form_password_pwned: rule(
    422,
    "is known from a breach",
    "This password is on lists of passwords that attackers try first. Choose another one.",
  ),
  form_password_length_too_short: rule(422, "is too short", "The password is too short."),
  form_password_length_too_long: rule(422, "is too long", "The password is too long."),
  form_password_size_in_bytes_exceeded: rule(422, "is too long", "The password has too many bytes."),
  form_password_no_uppercase: rule(
    422,
    "lacks an upper-case letter",
    "Add an upper-case letter to the password.",
  ),
  form_password_no_lowercase: rule(
    422,
    "lacks a lower-case letter",
    "Add a lower-case letter to the password.",
  ),
  form_password_no_number: rule(422, "lacks a digit", "Add a digit to the password."),
  form_password_no_special_char: rule(
    422,
    "lacks a special character",
    "Add a special character to the password.",
  ),
  form_password_not_strong_enough: rule(
    422,
    "is too weak",
    "The password is too easy to guess. Make it longer.",
  ),
  form_password_matches_identifier: rule(
    422,
    "is your identifier",
    "The password may not be your e-mail address or username.",
  ),
  form_new_password_matches_current: rule(
    422,
    "is unchanged",
    "The new password is the current one: choose another.",
  ),
  form_password_digest_invalid_code: rule(
    422,
    "is no digest",
    "The digest does not have the form of its hasher.",
  ),
  form_code_incorrect: rule(
    422,
    "is incorrect",
    "The code is incorrect. Look at the newest message and try again.",
  ),
  form_username_invalid_length: rule(422, "has the wrong length", "The username has the wrong length."),
  form_username_invalid_character: rule(
    422,
    "has a character that is not allowed",
    "A username may have letters, digits, - and _ only.",
  ),
  form_username_needs_non_number_char: rule(422, "needs a letter", "A username may not have digits only."),
  legal_not_accepted: rule(422, "must be accepted", "Accept the terms to go on."),
  verification_expired: rule(400, "Expired", "The code has expired. Ask for a new one."),
  verification_failed: rule(400, "Failed", "Too many attempts with this code. Ask for a new one."),
  verification_missing: rule(400, "Missing", "No code was asked for. Ask for one first."),
  verification_not_sent: rule(400, "Not sent", "The code has not been sent yet. Ask for one first."),
  verification_already_verified: rule(400, "Already verified", "This has been verified already."),
  verification_strategy_invalid: rule(400, "Wrong strategy", "This cannot be verified in this way."),
  verification_code_too_many_requests: rule(
    429,
    "Too soon",
    "A code was sent a moment ago. Wait half a minute before you ask for another one.",
  ),
  strategy_for_user_invalid: rule(
    400,
    "Not possible",
    "This way of signing in is not possible for this account.",
  ),
  session_exists: rule(400, "Signed in already", "You are signed in already."),
  identifier_already_signed_in: rule(400, "Signed in already", "This account is signed in already."),
  account_transfer_invalid: rule(
    400,
    "Nothing to transfer",
    "There is nothing to carry over to a new account.",
  ),
  sign_up_if_missing_transfer: rule(
    404,
    "No account yet",
    "The address is yours, but has no account yet: go on to make one.",
  ),
  client_state_invalid: rule(
    400,
    "Not possible now",
    "This step is not possible in the present state. Start again.",
  ),
  sign_in_identification_or_user_deleted: rule(
    400,
    "Account deleted",
    "The account has been deleted meanwhile.",
  ),
  user_locked: rule(
    403,
    "Account locked",
    "This account is locked for a while, after too many attempts. Try again later, or reset the password.",
  ),
  user_banned: rule(403, "Account banned", "This account has been banned. Contact support."),
  not_allowed_access: rule(403, "Access refused", "Access is not allowed for this identifier."),
  sign_up_mode_restricted: rule(403, "Sign-up is closed", "New accounts are made by invitation only."),
  user_delete_self_not_enabled: rule(403, "Not allowed", "This account cannot delete itself."),
  identification_deletion_failed: rule(
    422,
    "Last identifier",
    "This is the last way to sign in to the account: add another one before you remove it.",
  ),
  too_many_unverified_identifications: rule(
    400,
    "Too many",
    "Verify or remove an address before you add another one.",
  ),
  resource_not_found: rule(404, "Not found", "The resource was not found."),
  resource_forbidden: rule(403, "Not allowed", "The resource belongs to somebody else, or its time is over."),
  organization_not_found_or_unauthorized: rule(
    404,
    "Not found",
    "The organization was not found, or is not yours.",
  ),
  authentication_invalid: rule(401, "Not signed in", "The request needs a session that is alive. Sign in."),
  signed_out: rule(401, "Signed out", "You are signed out."),
  authorization_invalid: rule(403, "Not allowed", "You are not allowed to do this."),
  dev_browser_unauthenticated: rule(
    401,
    "Browser unknown",
    "This browser's development token is unknown: load the page anew.",
  ),
  too_many_requests: rule(429, "Too many requests", "Too many requests. Wait a moment, then try again."),
  origin_invalid: rule(
    400,
    "Origin not allowed",
    "Requests of this origin are not allowed. Add it to the instance's allowed origins.",
  ),
  origin_authorization_headers_conflict: rule(
    400,
    "Origin and Authorization",
    "A browser's request must not carry an Authorization header.",
  ),
  host_invalid: rule(400, "Host unknown", "No instance is served at this host name."),
  request_header_missing: rule(400, "Header missing", "The request lacks a header that it needs."),
  invalid_redirect_url: rule(
    422,
    "Redirect not allowed",
    "This address may not be redirected to. Add its origin to the instance's allowed origins.",
  ),
  request_body_invalid: rule(400, "Body unreadable", "The request's body cannot be read."),
  malformed_request_parameters: rule(
    400,
    "Parameters unreadable",
    "The request's parameters cannot be read.",
  ),
  unsupported_content_type: rule(
    415,
    "Content type unknown",
    "Send application/x-www-form-urlencoded or application/json.",
  ),
  invalid_handshake: rule(400, "Handshake invalid", "The handshake's parameters are invalid."),
  internal_clerk_error: rule(500, "Server error", "Something went wrong on the server; its log says what."),
  mail_delivery_failed: rule(
    503,
    "Mail not sent",
    "The message could not be sent. Try again in a moment; if it stays so, tell the site's owner.",
  ),
  authorization_header_format_invalid: rule(
    401,
    "Authorization missing",
    "Send the secret key as `Authorization: Bearer sk_…`.",
  ),
  clerk_key_invalid: rule(401, "Secret key invalid", "The secret key is not one of this server's keys."),
  invalid_session_token: rule(400, "Token invalid", "The token is none of this session, or has expired."),
  incorrect_password: rule(422, "Incorrect password", "The password is incorrect."),
  password_required: rule(400, "Password needed", "The account needs its password."),
  no_password_set: rule(400, "No password", "The account has no password."),
  duplicate_record: rule(400, "There already", "There is such a record already."),
  jwt_template_reserved_claim: rule(400, "Reserved claim", "A claim of the template is reserved."),
  session_token_jwt_template: rule(403, "Not deletable", "The template of session tokens cannot be deleted."),
  jwt_template_too_large: rule(422, "Template too large", "Tokens of this template would be too large."),
  sign_in_token_cannot_be_revoked_code: rule(
    400,
    "Not revocable",
    "The sign-in token has been used or revoked already.",
  ),
  ticket_invalid_code: rule(400, "Ticket invalid", "The ticket is invalid or has been used."),
  ticket_expired_code: rule(400, "Ticket expired", "The ticket has expired."),
  session_refresh_session_not_found: rule(401, "No such session", "There is no session of this id."),
  session_refresh_inactive_session: rule(401, "Session over", "The session has ended: sign in again."),
  session_refresh_user_not_found: rule(401, "No such user", "The session's user is gone or banned."),
  refresh_token_not_found: rule(
    401,
    "No such refresh token",
    "The refresh token is not one of this session.",
  ),
  refresh_sid_mismatch: rule(401, "Other session", "The expired token is one of another session."),
  refresh_request_origin_invalid: rule(
    401,
    "Origin not allowed",
    "This origin may not use the instance. Add it to the instance's allowed origins.",
  ),
  refresh_request_origin_azp_mismatch: rule(
    401,
    "Other origin",
    "The expired token was given to a page of another origin.",
  ),
  expired_session_token_invalid: rule(
    401,
    "Token invalid",
    "The expired token is none that this server signed.",
  ),
  expired_session_token_missing_azp: rule(
    401,
    "Token invalid",
    "The expired token does not say whose page has it.",
  ),
  expired_session_token_missing_sid: rule(
    401,
    "Token invalid",
    "The expired token does not name its session.",
  ),
  client_not_found: rule(400, "Client not found", "The client was not found."),
  cookie_invalid: rule(400, "Cookie invalid", "The client's cookie is invalid."),
  missing_query_parameter: rule(400, "Parameter missing", "A query parameter is missing."),
  invalid_query_parameter_value: rule(400, "Parameter invalid", "A query parameter has an impossible value."),
  request_invalid_for_instance: rule(400, "Not possible here", "This instance does not allow this request."),
} as const satisfies Record<string, ErrorRule>;

export type ErrorCode = keyof typeof ERRORS;
