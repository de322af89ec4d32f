import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { CommandContext, OpenDeployment } from "../command.ts";
import type { LocalIdentity } from "../deployment/local_backend.ts";
import { runQueryOnce } from "../deployment/system_query.ts";
import { openProject, type Project } from "../project/config.ts";
import { changeEnvText, readEnvFile } from "../project/env_file.ts";
import { frameworkNames } from "../project/framework.ts";
import { isLocalIssuer, issuerVariables } from "./issuer_variable.ts";
import { isReplaceableKey } from "./publishable_key.ts";

/** Frameworks whose own server reads the secret key. */
const SERVER_FRAMEWORKS = new Set(["Next.js", "TanStack Start", "Remix", "Astro"]);

/**
 * Joins the app to the identity server that runs beside the local backend, as far as the app asks for it: the issuer's
 * address as the deployment's variable that `auth.config.ts` reads, and the keys in the environment file once a
 * `@clerk/` package is listed. What names another instance is left as it is.
 */
export async function provideIdentity(
  project: Project,
  opened: OpenDeployment,
  context: CommandContext,
): Promise<void> {
  const identity = opened.local?.identity;
  if (identity === undefined) return;
  await provideIssuer(project, identity, opened, context);
  provideKeys(project, identity, context);
}

async function provideIssuer(
  project: Project,
  identity: LocalIdentity,
  opened: OpenDeployment,
  context: CommandContext,
): Promise<void> {
  for (const name of issuerVariables(project.functionsDir)) {
    const query = { path: "_system/cli/queryEnvironmentVariables:get", args: { name } };
    const present = (await runQueryOnce(opened.deployment, query, context)) as { value: string } | null;
    if (present !== null && (present.value === identity.issuer || !isLocalIssuer(present.value))) continue;
    await opened.http.json("/api/update_environment_variables", {
      method: "POST",
      body: { changes: [{ name, value: identity.issuer }] },
      signal: context.signal,
    });
    context.terminal.done(`Set ${name} of the deployment to the local issuer, ${identity.issuer}.`);
  }
}

function provideKeys(project: Project, identity: LocalIdentity, { terminal }: CommandContext): void {
  // The package may have been installed since the project was opened.
  const { packages } = openProject(project.root);
  if (![...packages].some((name) => name.startsWith("@clerk/"))) return;
  const names = frameworkNames(packages);
  const wanted: [string, string][] = [[names.clerkPublishableKey, identity.publishableKey]];
  if (names.framework !== undefined && SERVER_FRAMEWORKS.has(names.framework)) {
    wanted.push(["CLERK_SECRET_KEY", identity.secretKey]);
  }
  const elsewhere = readEnvFile(path.join(project.root, ".env"));
  const fileName = existsSync(path.join(project.root, ".env.local")) ? ".env.local" : names.file;
  const file = path.join(project.root, fileName);
  const before = existsSync(file) ? readFileSync(file, "utf8") : "";
  const present = { ...elsewhere, ...readEnvFile(file) };
  const chosen = present[names.clerkPublishableKey];
  // An app that was given another instance's key keeps it, with its secret key.
  if (chosen !== undefined && !isReplaceableKey(chosen)) return;
  let text = before;
  const changed: string[] = [];
  for (const [name, value] of wanted) {
    if (present[name] === value) continue;
    text = changeEnvText(text, name, value);
    changed.push(name);
  }
  if (changed.length === 0) return;
  writeFileSync(file, text);
  terminal.done(`Wrote ${changed.join(" and ")} of the local identity server to ${fileName}.`);
}
