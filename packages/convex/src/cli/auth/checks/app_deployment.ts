import { isOnThisMachine } from "../../identity/issuer_variable.ts";
import { frameworkNames, urlNames } from "../../project/framework.ts";
import { findAppVariable } from "../app_variables.ts";
import type { Examination } from "../examination.ts";
import { type Finding, warning } from "../finding.ts";
import { trimSlashes } from "../provider.ts";

/** Does the app talk to the deployment that is looked at? */
export function checkAppDeployment(examination: Examination): Finding[] {
  const { project, deployment, publicUrl } = examination;
  const expected = frameworkNames(project.packages).url;
  const found = findAppVariable(examination, [expected, ...urlNames]);
  if (found === undefined) return [];
  if ([deployment.url, publicUrl].some((url) => isSameAddress(url, found.value))) return [];
  return [
    warning(
      "app_of_another_deployment",
      `The app talks to ${shown(found.value)} (${found.name} in ${found.from}), but this looks at ${deployment.url}.`,
      {
        meaning: "What is set and pushed to one deployment does not change another.",
        remedy: `If it is meant to be the same one, set ${found.name} to ${publicUrl}, or point this command at the other (--env-file, or --url and --admin-key).`,
      },
    ),
  ];
}

function isSameAddress(one: string, other: string): boolean {
  const [first, second] = [one, other].map((url) =>
    isOnThisMachine(url) ? new URL(url).port : trimSlashes(url),
  );
  return first === second;
}

/** An address; anything else might have been a secret. */
function shown(value: string): string {
  return /^https?:\/\/[^\s@]+$/.test(value) ? value : "something that is no address";
}
