import { asyncSyscall } from "./abi/syscall.ts";
import { abiVersion } from "./abi/version.ts";

declare const auditVariable: unique symbol;

/** Stands in an audit entry for a value that only the host knows. */
export type LogVar = symbol & { readonly [auditVariable]: true };

/** What an audit entry may hold. */
export type AuditLogValue =
  | null
  | undefined
  | boolean
  | number
  | string
  | LogVar
  | AuditLogValue[]
  | { [key: string]: AuditLogValue };

/** An audit entry. No key may begin with `$`. */
export type AuditLogBody = { [key: string]: AuditLogValue };

type AuditLogJson =
  | null
  | undefined
  | boolean
  | number
  | string
  | AuditLogJson[]
  | { [key: string]: AuditLogJson };

const prefix = "tandem.audit.";

// Registered symbols carry their names, so that no table of them is needed.
const variable = (name: string): LogVar => Symbol.for(prefix + name) as LogVar;

function toJson(value: AuditLogValue): AuditLogJson {
  if (typeof value === "symbol") {
    const key = Symbol.keyFor(value);
    if (!key?.startsWith(prefix)) {
      throw new Error(`An audit entry may hold the symbols of \`log.vars\` only, but got ${String(value)}.`);
    }
    return { $var: key.slice(prefix.length) };
  }
  if (typeof value !== "object" || value === null) return value;
  return Array.isArray(value) ? value.map(toJson) : bodyToJson(value);
}

function bodyToJson(body: AuditLogBody): { [key: string]: AuditLogJson } {
  const json: [string, AuditLogJson][] = [];
  for (const [key, value] of Object.entries(body)) {
    if (key.startsWith("$"))
      throw new Error(`A key of an audit entry may not begin with "$", but got "${key}".`);
    json.push([key, toJson(value)]);
  }
  return Object.fromEntries(json);
}

interface Log {
  /** Writes an entry to the audit log, if the mutation commits (R §1.5). */
  audit(body: AuditLogBody): Promise<void>;
  /** Values that only the host knows, by name; each is filled in as the entry is written. */
  vars: {
    readonly requestId: LogVar;
    readonly ip: LogVar;
    readonly userAgent: LogVar;
    /** Milliseconds since 1970. */
    readonly now: LogVar;
    /** Who called with an admin key; `null` for everybody else. */
    readonly convexActor: LogVar;
  };
}

/** The deployment's audit log. */
export const log: Log = /* @__PURE__ */ Object.freeze({
  async audit(body: AuditLogBody): Promise<void> {
    await asyncSyscall("1.0/auditLog", { body: bodyToJson(body), version: abiVersion });
  },
  vars: /* @__PURE__ */ Object.freeze({
    requestId: /* @__PURE__ */ variable("requestId"),
    ip: /* @__PURE__ */ variable("ip"),
    userAgent: /* @__PURE__ */ variable("userAgent"),
    now: /* @__PURE__ */ variable("now"),
    convexActor: /* @__PURE__ */ variable("convexActor"),
  }),
});
