import { type BundledApp, bundleFunctions, pushModules } from "@tandem/convex/push";
import { type ConvexPackage, copyProject } from "./project.ts";
import type { Tandem } from "./tandem.ts";

/** Bundles the fixture app, with either package inside its functions. */
export async function bundleFixture(convex: ConvexPackage = "@tandem/convex"): Promise<BundledApp> {
  using project = copyProject("e2e/app", convex);
  return await bundleFunctions(project.root);
}

/** Sets the variables that the fixture needs, and pushes it. */
export async function pushFixture(
  tandem: Pick<Tandem, "backendUrl" | "adminKey">,
  options: { readonly variables?: Record<string, string>; readonly convex?: ConvexPackage } = {},
): Promise<void> {
  const app = await bundleFixture(options.convex);
  await setVariables(tandem, { ...WITHOUT_PROVIDERS, ...options.variables });
  await pushModules({ url: tandem.backendUrl, adminKey: tandem.adminKey }, app);
}

/** Providers that no test asks: issuers that nothing answers for. */
export const WITHOUT_PROVIDERS = {
  OIDC_ISSUER: "http://127.0.0.1:9/oidc",
  CUSTOM_ISSUER: "http://127.0.0.1:9/custom",
  CUSTOM_JWKS: "data:application/json,%7B%22keys%22%3A%5B%5D%7D",
  ABSENT_ISSUER: "http://127.0.0.1:9/absent",
  GREETING: "hello",
};

/** Sets environment variables of the deployment; null removes one. */
export async function setVariables(
  { backendUrl, adminKey }: Pick<Tandem, "backendUrl" | "adminKey">,
  variables: Record<string, string | null>,
): Promise<void> {
  const response = await fetch(`${backendUrl}/api/update_environment_variables`, {
    method: "POST",
    headers: { authorization: `Convex ${adminKey}`, "content-type": "application/json" },
    body: JSON.stringify({ changes: Object.entries(variables).map(([name, value]) => ({ name, value })) }),
  });
  if (!response.ok) {
    throw new Error(`The variables were refused: ${response.status} ${await response.text()}`);
  }
}
