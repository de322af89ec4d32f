import type { Instance } from "../instances/index.ts";
import type { Parts } from "../parts.ts";
import type { Reader, SignInRow } from "../store/index.ts";
import { avatarUrl } from "../users/index.ts";
import { verificationJson } from "../verification/verification_json.ts";
import { factorJson, firstFactors } from "./factors.ts";

/** A sign-in as its page sees it (F §4.3). */
export async function signInJson(
  parts: Parts,
  reader: Reader,
  instance: Instance,
  signIn: SignInRow,
): Promise<Record<string, unknown> & { readonly id: string }> {
  const { settings } = instance;
  const open = signIn.status === "needs_first_factor";
  const factors = open ? (await firstFactors(parts, reader, instance, signIn)).map(factorJson) : null;
  return {
    object: "sign_in",
    id: signIn.id,
    status: signIn.status,
    supported_identifiers: [
      ...(settings.emailAddress.enabled ? ["email_address"] : []),
      ...(settings.username.enabled ? ["username"] : []),
    ],
    identifier: signIn.identifier,
    supported_first_factors: factors,
    supported_second_factors: null,
    first_factor_verification:
      signIn.firstFactor === null ? null : verificationJson(signIn.firstFactor, parts.seams.clock.now()),
    second_factor_verification: null,
    user_data: settings.enumerationProtection ? null : await userData(reader, instance, signIn.userId),
    created_session_id: signIn.createdSessionId,
    abandon_at: signIn.abandonAt,
  };
}

async function userData(reader: Reader, instance: Instance, userId: string | null) {
  const user = userId === null ? null : await reader.get("users", userId);
  if (user === null) return null;
  return {
    first_name: user.firstName,
    last_name: user.lastName,
    image_url: avatarUrl(instance, user),
    has_image: false,
  };
}
