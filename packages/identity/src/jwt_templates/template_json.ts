import type { JwtTemplateRow } from "../store/index.ts";

/** A template on the wire (B §1.11). Its signing key is never told. */
export function jwtTemplateJson(row: JwtTemplateRow) {
  return {
    object: "jwt_template" as const,
    id: row.id,
    name: row.name,
    claims: JSON.parse(row.claims) as Record<string, unknown>,
    lifetime: row.lifetime,
    allowed_clock_skew: row.allowedClockSkew,
    custom_signing_key: row.customSigningKey,
    signing_algorithm: row.signingAlgorithm,
    created_at: row.createdAt,
    updated_at: row.updatedAt,
  };
}
