import type { AuthInfo } from "@tandem/protocol";
import { isLocalIssuer } from "../../identity/issuer_variable.ts";
import { hostOfPublishableKey } from "../../identity/publishable_key.ts";
import { type Examination, pushCommand } from "../examination.ts";
import { type Finding, fault, good, warning } from "../finding.ts";
import { configName } from "../local_config.ts";
import { describeProvider, hostOf, isSameProvider, issuerOf } from "../provider.ts";
import { findPublishableKey } from "../publishable_keys.ts";

/** Has the deployment the providers that the file names, and do they ask for the audience that apps send? */
export function checkPushedProviders(examination: Examination): Finding[] {
  return [
    checkPushed(examination),
    ...examination.providers.flatMap((one) => checkAudience(examination, one)),
  ];
}

function checkPushed(examination: Examination): Finding {
  const { project, config, deployed } = examination;
  const name = configName(project);
  const inFile = config.type === "evaluated" ? config.providers : undefined;
  if (inFile !== undefined && inFile.length === 0) {
    return fault("no_providers_in_file", `${name} names no provider.`, {
      meaning: "The deployment trusts no issuer, and refuses every token.",
      remedy: `Add { domain: process.env.CLERK_JWT_ISSUER_DOMAIN!, applicationID: "convex" } to its \`providers\`.`,
    });
  }
  if (deployed.length === 0) {
    return fault("no_providers", "The deployment has no authentication providers.", {
      meaning:
        inFile === undefined
          ? "It refuses every token."
          : `It refuses every token: ${name} has not been pushed since the provider was added, or was pushed to another deployment than ${examination.deployment.url}.`,
      remedy:
        inFile === undefined
          ? `Mend ${name} first, then: ${pushCommand(examination)}`
          : pushCommand(examination),
    });
  }
  if (inFile !== undefined && !isSameList(inFile, deployed)) {
    const list = (providers: readonly AuthInfo[]): string => providers.map(describeProvider).join(", ");
    return fault("not_pushed", `The deployment has other providers than ${name}: it was not pushed.`, {
      meaning: `The file, with the deployment's variables: ${list(inFile)}\nThe deployment: ${list(deployed)}`,
      remedy: pushCommand(examination),
    });
  }
  return good("providers_pushed", `The deployment trusts ${deployed.map(describeProvider).join(", ")}.`);
}

function isSameList(one: readonly AuthInfo[], other: readonly AuthInfo[]): boolean {
  return (
    one.length === other.length &&
    one.every((provider, position) => {
      const counterpart = other[position];
      return counterpart !== undefined && isSameProvider(provider, counterpart);
    })
  );
}

/** `ConvexProviderWithClerk` asks for the template `convex`, whose audience is `convex` (B §4.1, §4.3). */
function checkAudience(examination: Examination, provider: AuthInfo): Finding[] {
  if (provider.type === "customJwt" || provider.applicationID === "convex") return [];
  if (!isClerk(examination, provider.domain)) return [];
  return [
    warning(
      "application_id",
      `The applicationID of ${issuerOf(provider)} is ${JSON.stringify(provider.applicationID)}, not "convex".`,
      {
        meaning: `Tokens have the audience "convex" unless the JWT template was changed; any other is refused.`,
        remedy: `Write applicationID: "convex" in ${configName(examination.project)}, then: ${pushCommand(examination)}`,
      },
    ),
  ];
}

/** Is this an issuer whose tokens come by `ConvexProviderWithClerk`, and not another identity provider? */
function isClerk(examination: Examination, domain: string): boolean {
  const host = hostOf(domain);
  const key = findPublishableKey(examination);
  return (
    isLocalIssuer(domain) ||
    /^clerk\.|\.clerk\.accounts\.dev$/.test(host ?? "") ||
    (key !== undefined && host !== undefined && hostOfPublishableKey(key.value) === host)
  );
}
