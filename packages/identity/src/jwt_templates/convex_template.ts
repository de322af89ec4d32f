import { publicId } from "../public_id.ts";
import type { Seams } from "../seams.ts";
import type { Writer } from "../store/index.ts";

/** The template that Convex's clients ask for (B §4.1). */
export const CONVEX_TEMPLATE = "convex";

const CLAIMS = {
  aud: "convex",
  name: "{{user.full_name}}",
  email: "{{user.primary_email_address}}",
  picture: "{{user.image_url}}",
  nickname: "{{user.username}}",
  given_name: "{{user.first_name}}",
  updated_at: "{{user.updated_at}}",
  family_name: "{{user.last_name}}",
  phone_number: "{{user.primary_phone_number}}",
  email_verified: "{{user.email_verified}}",
  phone_number_verified: "{{user.phone_number_verified}}",
};

const LIFETIME_SECONDS = 3600;
const CLOCK_SKEW_SECONDS = 5;

/** Every instance has it from the start, so that nobody has to set it up. */
export async function addConvexTemplate(
  tx: Writer,
  instanceId: string,
  { clock, random }: Seams,
): Promise<void> {
  const now = clock.now();
  await tx.insert("jwt_templates", {
    id: publicId("jtmp", random),
    instanceId,
    name: CONVEX_TEMPLATE,
    claims: JSON.stringify(CLAIMS),
    lifetime: LIFETIME_SECONDS,
    allowedClockSkew: CLOCK_SKEW_SECONDS,
    customSigningKey: false,
    signingAlgorithm: "RS256",
    sealedSigningKey: null,
    createdAt: now,
    updatedAt: now,
  });
}
