import type {
  AddressGuardRow,
  ApplicationRow,
  AuditEventRow,
  ClientRow,
  DevBrowserRow,
  EmailAddressRow,
  HandshakeRow,
  InboxMessageRow,
  InstanceRow,
  JwtTemplateRow,
  SecretKeyRow,
  SessionRow,
  SignInRow,
  SignInTokenRow,
  SigningKeyRow,
  SignUpRow,
  TestingTokenRow,
  UserRow,
} from "./rows.ts";

export interface Tables {
  applications: ApplicationRow;
  instances: InstanceRow;
  secret_keys: SecretKeyRow;
  signing_keys: SigningKeyRow;
  clients: ClientRow;
  dev_browsers: DevBrowserRow;
  handshakes: HandshakeRow;
  sessions: SessionRow;
  users: UserRow;
  email_addresses: EmailAddressRow;
  sign_ins: SignInRow;
  sign_ups: SignUpRow;
  address_guards: AddressGuardRow;
  jwt_templates: JwtTemplateRow;
  sign_in_tokens: SignInTokenRow;
  testing_tokens: TestingTokenRow;
  audit_events: AuditEventRow;
  inbox_messages: InboxMessageRow;
}

export type TableName = keyof Tables;

/** Every table's indexes by name: the fields they order by. All tables also have `by_public_id`. */
export const INDEXES = {
  applications: {},
  instances: { by_application: ["applicationId"] },
  secret_keys: { by_digest: ["digest"], by_creation: ["instanceId", "createdAt"] },
  signing_keys: { by_instance: ["instanceId", "createdAt"] },
  clients: { by_token: ["tokenDigest"], by_expiry: ["expireAt"] },
  dev_browsers: { by_token: ["tokenDigest"], by_client: ["clientId"], by_creation: ["createdAt"] },
  handshakes: { by_nonce: ["nonceDigest"], by_expiry: ["expireAt"] },
  sessions: {
    by_client: ["clientId", "endedAt"],
    by_user: ["userId", "createdAt"],
    by_ending: ["endedAt"],
    by_open_until: ["openUntil"],
    by_instance: ["instanceId", "createdAt"],
  },
  users: {
    by_username: ["instanceId", "usernameKey"],
    by_external_id: ["instanceId", "externalId"],
    by_instance: ["instanceId", "createdAt"],
  },
  email_addresses: { by_address: ["instanceId", "emailAddress"], by_user: ["userId", "createdAt"] },
  sign_ins: { by_abandoning: ["abandonAt"] },
  sign_ups: { by_abandoning: ["abandonAt"] },
  address_guards: { by_digest: ["instanceId", "digest"], by_expiry: ["expireAt"] },
  jwt_templates: { by_name: ["instanceId", "name"] },
  sign_in_tokens: { by_digest: ["digest"], by_expiry: ["expireAt"] },
  testing_tokens: { by_digest: ["digest"], by_expiry: ["expireAt"] },
  audit_events: { by_time: ["instanceId", "at"], by_subject: ["subject", "at"] },
  inbox_messages: { by_time: ["instanceId", "createdAt"], by_recipient: ["to", "createdAt"] },
} as const satisfies { [T in TableName]: Record<string, readonly (keyof Tables[T])[]> };

export type IndexName<T extends TableName> = keyof (typeof INDEXES)[T] & string;

export const TABLE_NAMES = Object.keys(INDEXES) as TableName[];
