import { refuse } from "../errors/index.ts";
import type { Call, Route } from "../http/index.ts";
import { isLoopback } from "../instances/index.ts";
import type { Parts } from "../parts.ts";
import { randomText } from "../public_id.ts";
import { inboxPage } from "./page.ts";

const SHOWN = 50;

/** The development instance's mail, for whoever sits at this machine. */
export function inboxRoutes({ store, seams }: Pick<Parts, "store" | "seams">): Route[] {
  return [
    {
      audience: "page",
      method: "GET",
      path: "/inbox",
      handle(call) {
        checkAtHome(call);
        const nonce = randomText(24, seams.random);
        return {
          body: inboxPage(call.instance.settings.applicationName, nonce),
          type: "text/html; charset=utf-8",
          headers: [
            ["cache-control", "no-store"],
            ["referrer-policy", "no-referrer"],
            [
              "content-security-policy",
              `default-src 'none'; script-src 'nonce-${nonce}'; style-src 'nonce-${nonce}'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
            ],
          ],
        };
      },
    },
    {
      audience: "page",
      method: "GET",
      path: "/inbox/messages",
      async handle(call) {
        checkAtHome(call);
        const rows = await store
          .read()
          .list("inbox_messages", "by_time", [call.instance.id], { order: "desc", limit: SHOWN });
        return {
          headers: [["cache-control", "no-store"]],
          json: {
            messages: rows.map(({ id, to, subject, text, code, createdAt }) => ({
              id,
              to,
              subject,
              text,
              code,
              created_at: createdAt,
            })),
          },
        };
      },
    },
  ];
}

/**
 * Codes are keys to accounts: they are shown at this machine's own names only, so that neither a public address nor a
 * name that was pointed at this machine (DNS rebinding) has an inbox.
 */
function checkAtHome({ instance, url }: Call): void {
  if (instance.environment !== "development" || !isLoopback(url.host)) {
    throw refuse(
      "resource_not_found",
      {},
      "The inbox is there in development only, at http://127.0.0.1 or localhost.",
    );
  }
}
