import { PRODUCTION } from "../target.ts";
import { guard, type Threat } from "../threat.ts";
import { beginSignIn, beginSignUp, prepareCode } from "./people.ts";

/** Nobody listens there, and the password is one that must not be seen. */
const DEAD_SERVER = { url: "smtp://mailer:s3cret-of-smtp@127.0.0.1:1", from: "login@example.com" };

export const MAIL: readonly Threat[] = [
  {
    name: "reads in the log of production the codes that could not be mailed",
    guards: [guard("mail/inbox_mailer.ts", 'if (instance.environment === "production") {', "if (false) {")],
    options: { productionOrigin: PRODUCTION },
    async attempt(target) {
      const browser = target.stranger();
      const path = await beginSignUp(browser, { email_address: "new@example.com" });
      await browser.post(`${path}/prepare_verification`, { strategy: "email_code" });
      return target.logged.some((line) => /\b\d{6}\b/.test(line));
    },
  },
  {
    name: "reads the inbox of a production server",
    guards: [
      guard("inbox/routes.ts", 'instance.environment !== "development" || !isLoopback(url.host)', "false"),
    ],
    options: { productionOrigin: PRODUCTION },
    attempt: async (target) => (await target.send({ path: "/inbox/messages" })).status === 200,
  },
  {
    name: "fills the disk with mail of the development inbox",
    guards: [guard("mail/inbox_mailer.ts", "if (kept < limits.inboxMessages) kept++;", "if (true) kept++;")],
    options: { limits: { inboxMessages: 3 } },
    async attempt(target) {
      for (let person = 0; person < 5; person++) {
        const browser = target.stranger();
        const path = await beginSignUp(browser, { email_address: `new${person}@example.com` });
        await browser.post(`${path}/prepare_verification`, { strategy: "email_code" });
      }
      const reader = target.parts.store.read();
      return (await reader.list("inbox_messages", "by_time", [target.instanceId])).length > 3;
    },
  },
  {
    name: "gives two addresses as one, to have somebody else's code sent to themselves as well",
    guards: [guard("users/account_fields.ts", "!ADDRESS.test(address)", "false")],
    async attempt(target) {
      const fields = { email_address: "chief@example.com,mallory@example.com" };
      return (await target.stranger().post("/v1/client/sign_ups", fields)).status === 200;
    },
  },
  {
    name: "breaks the line in an address, to write headers of a message themselves",
    guards: [
      guard("users/account_fields.ts", "!ADDRESS.test(address)", "false"),
      guard(
        "users/account_fields.ts",
        "const address = text.trim().toLowerCase();",
        "const address = text.toLowerCase();",
      ),
    ],
    async attempt(target) {
      const fields = { email_address: "chief@example.com\r\nBcc: mallory@example.com" };
      return (await target.stranger().post("/v1/client/sign_ups", fields)).status === 200;
    },
  },
  {
    name: "reads the code in what is reported when a mail server refuses the message",
    guards: [
      guard(
        "mail/smtp_mailer.ts",
        "const trouble = smtpTrouble(error, this.#server);",
        "const trouble = JSON.stringify(message) + smtpTrouble(error, this.#server);",
      ),
    ],
    options: { smtp: DEAD_SERVER },
    async attempt(target) {
      const browser = target.stranger();
      const path = await beginSignUp(browser, { email_address: "new@example.com" });
      await browser.post(`${path}/prepare_verification`, { strategy: "email_code" });
      return target.reported.some((error) => /"code":"\d{6}"/.test(String(error)));
    },
  },
  {
    name: "resets the password of an account through an address that is only claimed, not proved",
    guards: [
      guard(
        "users/find_user.ts",
        "claimOf(reader, instanceId, emailAddress, isOwned)",
        "claimOf(reader, instanceId, emailAddress, () => true)",
      ),
      guard("sign_ins/factors.ts", " && isOwned(row)) ?? null", ") ?? null"),
    ],
    async attempt(target) {
      const { victim } = target;
      // The victim's own slip: an address of somebody else's, added and never proved.
      await target.browserOf(victim).post("/v1/me/email_addresses", { email_address: "typo@example.com" });
      const stranger = target.stranger();
      const path = await beginSignIn(stranger, "typo@example.com");
      await prepareCode(stranger, path, "reset_password_email_code");
      return (await target.mailCount("typo@example.com")) > 0;
    },
  },
  {
    name: "writes markup into the application's name, for the inbox to run",
    guards: [guard("inbox/page.ts", "const name = escapeHtml(application);", "const name = application;")],
    async attempt(target) {
      await target.settings({ applicationName: "<img src=x onerror=alert(1)>" });
      return (await target.send({ path: "/inbox" })).text.includes("<img src=x");
    },
  },
  {
    name: "writes markup into the application's name, for a reader of mail to run",
    guards: [guard("mail/texts.ts", "escapeHtml(application)}</p>", "application}</p>")],
    async attempt(target) {
      await target.settings({ applicationName: "<img src=x onerror=alert(1)>" });
      const browser = target.stranger();
      const path = await beginSignUp(browser, { email_address: "new@example.com" });
      await browser.post(`${path}/prepare_verification`, { strategy: "email_code" });
      const [message] = await target.parts.store
        .read()
        .list("inbox_messages", "by_recipient", ["new@example.com"]);
      return message!.html.includes("<img src=x");
    },
  },
];
