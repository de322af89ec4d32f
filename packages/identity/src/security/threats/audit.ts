import type { Target } from "../target.ts";
import { guard, type Threat } from "../threat.ts";
import { attemptCode, beginSignIn, GOOD_PASSWORD, prepareCode, signIn, WRONG_PASSWORD } from "./people.ts";

/** Does the audit log lack a line of this kind? */
async function isUnnoticed({ parts, instanceId }: Target, action: string): Promise<boolean> {
  const lines = await parts.store.read().list("audit_events", "by_time", [instanceId]);
  return !lines.some((line) => line.action === action);
}

export const AUDIT: readonly Threat[] = [
  {
    name: "signs in without a trace",
    guards: [guard("sessions/start_session.ts", 'action: "session.created",', 'action: "",')],
    async attempt(target) {
      await signIn(target.stranger(), target.victim.emailAddress, target.victim.password);
      return isUnnoticed(target, "session.created");
    },
  },
  {
    name: "guesses without a trace",
    guards: [guard("sign_ins/lockout.ts", 'action: "sign_in.failed"', 'action: ""')],
    async attempt(target) {
      await target.stranger().post("/v1/client/sign_ins", {
        identifier: target.victim.emailAddress,
        password: WRONG_PASSWORD,
      });
      return isUnnoticed(target, "sign_in.failed");
    },
  },
  {
    name: "resets a password without a trace",
    guards: [guard("sign_ins/reset_password.ts", 'action: "user.password_reset"', 'action: ""')],
    async attempt(target) {
      const browser = target.stranger();
      const path = await beginSignIn(browser, target.victim.emailAddress);
      const strategy = "reset_password_email_code";
      await prepareCode(browser, path, strategy);
      await attemptCode(browser, path, await target.mailedCode(target.victim.emailAddress), strategy);
      await browser.post(`${path}/reset_password`, { password: GOOD_PASSWORD });
      return isUnnoticed(target, "user.password_reset");
    },
  },
  {
    name: "changes a password without a trace",
    guards: [guard("me/password_routes.ts", '"user.password_changed",', '"",')],
    async attempt(target) {
      await target.browserOf(target.victim).post("/v1/me/change_password", {
        current_password: target.victim.password,
        new_password: GOOD_PASSWORD,
      });
      return isUnnoticed(target, "user.password_changed");
    },
  },
  {
    name: "bans somebody by a stolen key without a trace",
    guards: [
      guard(
        "backend_api/account_routes.ts",
        "await auditBackend(parts, tx, call, action.audit, user.id);",
        "",
      ),
    ],
    async attempt(target) {
      await target.backend("POST", `/v1/users/${target.victim.userId}/ban`);
      return isUnnoticed(target, "user.banned");
    },
  },
  {
    name: "gets a ticket for anybody's account by a stolen key without a trace",
    guards: [
      guard(
        "backend_api/ticket_routes.ts",
        'await auditBackend(parts, tx, call, "sign_in_token.created", row.id, { userId });',
        "",
      ),
    ],
    async attempt(target) {
      await target.backend("POST", "/v1/sign_in_tokens", { user_id: target.victim.userId });
      return isUnnoticed(target, "sign_in_token.created");
    },
  },
  {
    name: "deletes an account without a trace",
    guards: [guard("users/delete_user.ts", 'action: "user.deleted"', 'action: ""')],
    async attempt(target) {
      await target.backend("DELETE", `/v1/users/${target.victim.userId}`);
      return isUnnoticed(target, "user.deleted");
    },
  },
  {
    name: "weakens the instance's settings without a trace",
    guards: [guard("backend_api/instance_routes.ts", '"instance.updated"', '""')],
    async attempt(target) {
      await target.backend("PATCH", "/v1/instance", { lockout: false });
      return isUnnoticed(target, "instance.updated");
    },
  },
  {
    name: "finds passwords in the audit log",
    guards: [
      guard(
        "backend_api/change_user.ts",
        'await auditBackend(parts, tx, call, "user.updated", user.id, { fields: body.names });',
        'await auditBackend(parts, tx, call, "user.updated", user.id, body.json());',
      ),
    ],
    async attempt({ backend, parts, instanceId, victim }) {
      await backend("PATCH", `/v1/users/${victim.userId}`, { password: GOOD_PASSWORD });
      const lines = await parts.store.read().list("audit_events", "by_time", [instanceId]);
      return JSON.stringify(lines).includes(GOOD_PASSWORD);
    },
  },
];
