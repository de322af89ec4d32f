import { hostOfPublishableKey } from "../../identity/publishable_key.ts";
import { type FrameworkNames, frameworkNames } from "../../project/framework.ts";
import type { AppVariable } from "../app_variables.ts";
import type { Examination } from "../examination.ts";
import { type About, type Finding, fault, good } from "../finding.ts";
import { hostOf, issuerOf } from "../provider.ts";
import { findMisnamedKey, findPublishableKey } from "../publishable_keys.ts";

/** Has the app a publishable key, and one of the instance that the deployment trusts? */
export function checkPublishableKey(examination: Examination): Finding[] {
  const { project } = examination;
  const names = frameworkNames(project.packages);
  const installed = [...project.packages].filter((name) => name.startsWith("@clerk/"));
  const key = findPublishableKey(examination);
  if (key !== undefined) return [judge(key, examination)];
  if (installed.length === 0) {
    return [
      good(
        "no_clerk_package",
        "package.json lists no @clerk/ package, so that no publishable key is needed.",
      ),
    ];
  }
  const misnamed = findMisnamedKey(examination);
  return [misnamed === undefined ? absent(installed, names, examination) : misplaced(misnamed, names)];
}

function judge({ name, from, value }: AppVariable, { providers, identity }: Examination): Finding {
  const remedy =
    identity === undefined
      ? `Set ${name} to the publishable key of the instance that auth.config names (its dashboard, API keys).`
      : `Set ${name} in .env.local to ${identity.publishableKey}, the local identity server's.`;
  if (value.startsWith("sk_")) {
    return fault("secret_key_published", `${name} in ${from} is a secret key.`, {
      meaning: "It would go to every browser. If the app was served with it, anybody may have it.",
      remedy: `${remedy}\nReplace the secret key by a new one.`,
    });
  }
  const host = hostOfPublishableKey(value)?.split("/")[0];
  if (host === undefined) {
    return fault("publishable_key_malformed", `${name} in ${from} is no publishable key${shown(value)}.`, {
      meaning: "It must be pk_test_ or pk_live_ and the encoded address of the instance.",
      remedy,
    });
  }
  const hosts = providers.map((provider) => hostOf(issuerOf(provider)));
  if (providers.length > 0 && !hosts.includes(host)) {
    return fault(
      "publishable_key_of_another_instance",
      `${name} in ${from} is the key of ${host}, but the deployment is to trust ${hosts.join(", ")}.`,
      {
        meaning:
          "People sign in at one instance, and the deployment refuses its tokens since it trusts another.",
        remedy: `${remedy}\nOr, if ${host} is the right one, set the domain in auth.config to its address.`,
      },
    );
  }
  return good("publishable_key_fits", `${name} in ${from} is the key of ${host}.`);
}

function absent(
  installed: readonly string[],
  { clerkPublishableKey, file }: FrameworkNames,
  { identity }: Examination,
): Finding {
  return fault(
    "publishable_key_missing",
    `${installed.join(", ")} is listed in package.json, but no environment file sets ${clerkPublishableKey}.`,
    {
      meaning: "Without the key the app does not know where people sign in.",
      ...keyRemedy(clerkPublishableKey, file, identity?.publishableKey),
    },
  );
}

function misplaced({ name, from }: AppVariable, { framework, clerkPublishableKey }: FrameworkNames): Finding {
  return fault("publishable_key_misnamed", `The publishable key stands as ${name} in ${from}.`, {
    meaning: `${framework ?? "The framework"} shows it to the app's code only as ${clerkPublishableKey}.`,
    remedy: `Rename it to ${clerkPublishableKey}.`,
  });
}

function keyRemedy(name: string, file: string, key: string | undefined): About {
  return key === undefined
    ? { remedy: `Add ${name}=<the key> to ${file}; the dashboard of the instance shows it under API keys.` }
    : { remedy: `npx convex dev   (it writes ${name}=${key} to ${file})` };
}

/** The value, unless it might be a secret that was put in the wrong place. */
function shown(value: string): string {
  return /^pk_[\w.+/=-]{0,100}$|^[A-Z_]{1,40}$/.test(value) ? `: ${value}` : "";
}
