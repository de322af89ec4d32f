import { ApiError, type ComponentDefinitionMetadata } from "@tandem/protocol";
import { parseValidatorJson, validateValue } from "@tandem/values";
import { z } from "zod";

/** What the app's definition is without a `convex.config.ts`. */
export const EMPTY_APP: ComponentDefinitionMetadata = {
  path: "",
  definitionType: { type: "app" },
  childComponents: [],
  httpMounts: {},
  httpPrefix: null,
  exports: { type: "branch", branch: [] },
};

const shape = z.looseObject({
  definitionType: z.looseObject({ type: z.string() }).optional(),
  childComponents: z.array(z.looseObject({ name: z.string() })).default([]),
  httpMounts: z.record(z.string(), z.string()).default({}),
  httpPrefix: z.string().nullish(),
  envVars: z
    .array(
      z.tuple([
        z.string(),
        z.object({ type: z.literal("value"), value: z.string(), optional: z.boolean().optional() }),
      ]),
    )
    .nullish(),
});

/** Checks what `convex.config.ts` exports. Throws `InvalidConvexConfig`, or `ComponentsNotSupported`. */
export function parseAppDefinition(exported: unknown): ComponentDefinitionMetadata {
  const parsed = shape.safeParse(exported);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw invalid(`${issue?.path.join(".") ?? ""}: ${issue?.message ?? "not an app definition"}`);
  }
  const { definitionType, childComponents, httpMounts, httpPrefix, envVars } = parsed.data;
  if (definitionType !== undefined && definitionType.type !== "app") {
    throw invalid("it must export defineApp(), not defineComponent()");
  }
  const [child] = childComponents;
  if (child !== undefined) {
    throw new ApiError(
      "BadRequest",
      "ComponentsNotSupported",
      `This server has no components yet, but the app uses "${child.name}": remove its app.use(…) from convex.config.ts.`,
    );
  }
  return {
    ...EMPTY_APP,
    httpMounts,
    httpPrefix: httpPrefix ?? null,
    ...(envVars === undefined || envVars === null
      ? {}
      : {
          envVars: envVars.map(([name, { type, value, optional }]) => [
            name,
            { type, value, ...(optional === undefined ? {} : { optional }) },
          ]),
        }),
  };
}

/**
 * Checks the variables that the app declares in `convex.config.ts` (R §4.7). Throws `MissingEnvironmentVariables`,
 * which names those that are not set, or `InvalidEnvironmentVariable`.
 */
export function checkDeclaredVariables(
  definition: ComponentDefinitionMetadata,
  variables: Readonly<Record<string, string>>,
): void {
  const declared = definition.envVars ?? [];
  const missing = declared
    .filter(([name, { optional }]) => optional !== true && variables[name] === undefined)
    .map(([name]) => name);
  if (missing.length > 0) {
    throw new ApiError(
      "BadRequest",
      "MissingEnvironmentVariables",
      `Required environment variables are not set: ${missing.join(", ")}. Set them with \`npx convex env set\`, or declare them optional in convex.config.ts.`,
    );
  }
  for (const [name, { value }] of declared) {
    const given = variables[name];
    if (given === undefined) continue;
    const fault = validateValue(parseValidatorJson(JSON.parse(value)), given, NO_TABLES);
    if (fault !== null) {
      throw new ApiError(
        "BadRequest",
        "InvalidEnvironmentVariable",
        `The environment variable ${name} does not match its validator in convex.config.ts: ${fault}`,
      );
    }
  }
}

const NO_TABLES = { tableNumberOf: () => null, tableNameOf: () => null };

function invalid(why: string): ApiError {
  return new ApiError("BadRequest", "InvalidConvexConfig", `Invalid convex.config.ts: ${why}.`);
}
