import { existsSync } from "node:fs";
import { refuse } from "../errors/index.ts";
import type { Call, Route } from "../http/index.ts";
import { answerFile, listFiles } from "../http/static_files.ts";
import type { Parts } from "../parts.ts";
import { randomText } from "../public_id.ts";
import { hostedPage, hostedPolicy } from "./page.ts";

const PAGES = ["/sign-in", "/sign-up", "/user"];
const ASSETS = "/hosted/";

/** Built files carry a hash of their contents in their name, but for those that pages begin with. */
const HASHED = /-[A-Z0-9]{8}\.(?:js|css)$/;

/**
 * The pages for signing in, signing up and the account, for apps without their own (F §9.7), and the files they load
 * from the folder `assets`.
 */
export function hostedRoutes({ seams }: Pick<Parts, "seams">, assets: string | null): Route[] {
  const files = assets !== null && existsSync(assets) ? listFiles(assets) : new Map<string, string>();
  const show = ({ instance }: Call) => {
    if (!files.has("main.js")) {
      throw refuse(
        "resource_not_found",
        {},
        "The hosted pages are not built: run `npm run build`, or put sign-in pages into the app.",
      );
    }
    const nonce = randomText(24, seams.random);
    return {
      body: hostedPage(instance, nonce, files.has("main.css")),
      type: "text/html; charset=utf-8",
      headers: [
        ["cache-control", "no-store"],
        ["content-security-policy", hostedPolicy(instance, nonce)],
        // For browsers that know no frame-ancestors.
        ["x-frame-options", "DENY"],
        // The address may carry a ticket: no other server is to learn it.
        ["referrer-policy", "same-origin"],
      ] as const,
    };
  };
  return [
    ...PAGES.flatMap((page) =>
      [page, `${page}/*`].map((path): Route => ({ audience: "page", method: "GET", path, handle: show })),
    ),
    {
      audience: "page",
      method: "GET",
      path: `${ASSETS}*`,
      async handle({ url, request }) {
        const name = url.pathname.slice(ASSETS.length);
        const path = files.get(name);
        if (path === undefined) throw refuse("resource_not_found", {}, `There is no file ${url.pathname}.`);
        return answerFile(request, path, { isImmutable: HASHED.test(name), maxAge: 0 });
      },
    },
  ];
}
