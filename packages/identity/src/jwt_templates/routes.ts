import { auditBackend } from "../backend_api/audit.ts";
import { answerPage, deletedJson } from "../backend_api/collection.ts";
import { refuse, refuseField } from "../errors/index.ts";
import type { Call, Route } from "../http/index.ts";
import type { Parts } from "../parts.ts";
import { publicId } from "../public_id.ts";
import type { JwtTemplateRow, Reader, Writer } from "../store/index.ts";
import { signingKeyContext } from "../tokens/template_token.ts";
import { CONVEX_TEMPLATE } from "./convex_template.ts";
import { checkSigningKey, readTemplateFields, type TemplateFields } from "./template_fields.ts";
import { jwtTemplateJson } from "./template_json.ts";

const DEFAULT_LIFETIME_SECONDS = 60;
const DEFAULT_CLOCK_SKEW_SECONDS = 5;

/** JWT templates by the Backend API (B §1.9, §4). */
export function jwtTemplateRoutes(parts: Parts): Route[] {
  const { store } = parts;
  return [
    {
      audience: "backend",
      method: "GET",
      path: "/v1/jwt_templates",
      async handle(call) {
        const rows = await store.read().list("jwt_templates", "by_name", [call.instance.id]);
        return answerPage(call, rows.map(jwtTemplateJson));
      },
    },
    {
      audience: "backend",
      method: "POST",
      path: "/v1/jwt_templates",
      async handle(call) {
        const fields = readTemplateFields(call.body);
        const name = fields.name ?? call.body.required("name");
        if (fields.claims === undefined) throw refuseField("form_param_missing", "claims");
        const { claims } = fields;
        const row = await store.transact("create jwt template", async (tx) => {
          await checkName(tx, call, name);
          const id = publicId("jtmp", parts.seams.random);
          const row = await tx.insert("jwt_templates", {
            id,
            instanceId: call.instance.id,
            name,
            claims: JSON.stringify(claims),
            lifetime: fields.lifetime ?? DEFAULT_LIFETIME_SECONDS,
            allowedClockSkew: fields.allowedClockSkew ?? DEFAULT_CLOCK_SKEW_SECONDS,
            ...signing(parts, id, fields, null),
            createdAt: call.now,
            updatedAt: call.now,
          });
          await auditBackend(parts, tx, call, "jwt_template.created", row.id, { name: row.name });
          return row;
        });
        return { json: jwtTemplateJson(row) };
      },
    },
    {
      audience: "backend",
      method: "GET",
      path: "/v1/jwt_templates/:id",
      handle: async (call) => ({ json: jwtTemplateJson(await templateOf(store.read(), call)) }),
    },
    {
      audience: "backend",
      method: "PATCH",
      path: "/v1/jwt_templates/:id",
      async handle(call) {
        const fields = readTemplateFields(call.body);
        const row = await store.transact("change jwt template", async (tx) => {
          const row = await templateOf(tx, call);
          const name = fields.name ?? row.name;
          if (name !== row.name) {
            refuseForConvex(row, "renamed");
            await checkName(tx, call, name);
          }
          const changed = await tx.patch("jwt_templates", row, {
            name,
            claims: fields.claims === undefined ? row.claims : JSON.stringify(fields.claims),
            lifetime: fields.lifetime ?? row.lifetime,
            allowedClockSkew: fields.allowedClockSkew ?? row.allowedClockSkew,
            ...signing(parts, row.id, fields, row),
            updatedAt: call.now,
          });
          await auditBackend(parts, tx, call, "jwt_template.updated", row.id, { name });
          return changed;
        });
        return { json: jwtTemplateJson(row) };
      },
    },
    {
      audience: "backend",
      method: "DELETE",
      path: "/v1/jwt_templates/:id",
      async handle(call) {
        const id = await store.transact("delete jwt template", async (tx) => {
          const row = await templateOf(tx, call);
          refuseForConvex(row, "deleted");
          await tx.remove("jwt_templates", row);
          await auditBackend(parts, tx, call, "jwt_template.deleted", row.id, { name: row.name });
          return row.id;
        });
        return { json: deletedJson("jwt_template", id) };
      },
    },
  ];
}

async function templateOf(reader: Reader, { instance, path }: Call): Promise<JwtTemplateRow> {
  const row = await reader.get("jwt_templates", path.id!);
  if (row === null || row.instanceId !== instance.id) {
    throw refuse("resource_not_found", {}, `There is no JWT template ${path.id}.`);
  }
  return row;
}

async function checkName(tx: Writer, { instance }: Call, name: string): Promise<void> {
  if ((await tx.first("jwt_templates", "by_name", [instance.id, name])) !== null) {
    throw refuse("duplicate_record", { param_name: "name" }, `There is a JWT template "${name}" already.`);
  }
}

function refuseForConvex({ name }: JwtTemplateRow, what: "renamed" | "deleted"): void {
  if (name !== CONVEX_TEMPLATE) return;
  throw refuse(
    "request_invalid_for_instance",
    { param_name: "name" },
    `The template "${CONVEX_TEMPLATE}" cannot be ${what}: Convex's clients ask for it by this name, and without it nobody would be signed in there. Its claims and its lifetime can be changed.`,
  );
}

/** How tokens are signed, as the row keeps it. A key that is sent replaces the one before; `false` forgets it. */
function signing(
  { seal }: Parts,
  id: string,
  fields: TemplateFields,
  before: JwtTemplateRow | null,
): Pick<JwtTemplateRow, "customSigningKey" | "signingAlgorithm" | "sealedSigningKey"> {
  const isCustom = fields.customSigningKey ?? before?.customSigningKey ?? false;
  if (!isCustom) {
    refuseUnused("signing_key", fields.signingKey !== undefined);
    refuseUnused("signing_algorithm", fields.signingAlgorithm === "HS256");
    return { customSigningKey: false, signingAlgorithm: "RS256", sealedSigningKey: null };
  }
  const algorithm = fields.signingAlgorithm ?? before?.signingAlgorithm ?? "RS256";
  if (fields.signingKey !== undefined) {
    checkSigningKey(fields.signingKey, algorithm);
    const sealedSigningKey = seal.seal(fields.signingKey, signingKeyContext(id));
    return { customSigningKey: true, signingAlgorithm: algorithm, sealedSigningKey };
  }
  if (before === null || before.sealedSigningKey === null || algorithm !== before.signingAlgorithm) {
    throw refuseField(
      "form_conditional_param_missing",
      "signing_key",
      `A signing key of one's own has to be given, for ${algorithm}.`,
    );
  }
  return { customSigningKey: true, signingAlgorithm: algorithm, sealedSigningKey: before.sealedSigningKey };
}

/** Tokens that are signed in another way than somebody thinks would be refused wherever they are shown. */
function refuseUnused(field: string, isGiven: boolean): void {
  if (!isGiven) return;
  throw refuseField(
    "form_conditional_param_disallowed",
    field,
    `"${field}" is for templates with a key of their own: send custom_signing_key: true with it.`,
  );
}
