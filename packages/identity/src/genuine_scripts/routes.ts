import { refuse } from "../errors/index.ts";
import type { Route } from "../http/index.ts";
import { answerFile, typeOfFile } from "../http/static_files.ts";
import { distFile, findInstalled, meansVersion } from "./installed_package.ts";

/** Seconds that a script is kept whose address names a major version only. */
const ALIAS_MAX_AGE = 300;

/** `/npm/@clerk/clerk-js@5/dist/clerk.browser.js` (F §1.3). */
const ADDRESS = /^\/npm\/(@clerk\/(?:clerk-js|ui))@([0-9A-Za-z.-]+)\/dist\/(.+)$/;

/**
 * The scripts that the genuine SDKs load, from the npm packages that the project at `project` has installed: nothing is
 * fetched from anywhere else.
 */
export function genuineScriptRoutes(project: string | null): Route[] {
  return [
    {
      audience: "open",
      method: "GET",
      path: "/npm/*",
      async handle({ url, request }) {
        const [, name, wanted, path] = ADDRESS.exec(url.pathname) ?? [];
        if (name === undefined || wanted === undefined || path === undefined) {
          throw refuse(
            "resource_not_found",
            {},
            "Only the scripts of @clerk/clerk-js and @clerk/ui are served, at /npm/@clerk/clerk-js@5/dist/clerk.browser.js.",
          );
        }
        const installed = project === null ? null : await findInstalled(project, name);
        if (installed === null || !meansVersion(wanted, installed.version)) {
          const instead = installed === null ? "" : ` Version ${installed.version} is installed.`;
          throw refuse(
            "resource_not_found",
            {},
            `The project has no ${name} of version ${wanted}: run \`npm install ${name}@${wanted}\` in it.${instead}`,
          );
        }
        const file = typeOfFile(path) === null ? null : await distFile(installed, path);
        if (file === null) {
          throw refuse(
            "resource_not_found",
            {},
            `${name} ${installed.version} has no such file in its dist.`,
          );
        }
        return answerFile(request, file, {
          isImmutable: wanted === installed.version,
          maxAge: ALIAS_MAX_AGE,
        });
      },
    },
  ];
}
