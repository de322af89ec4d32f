import {
  type CommandContext,
  type DeploymentOptions,
  type OpenDeployment,
  openDeployment,
} from "../command.ts";
import { openProject, type Project } from "../project/config.ts";
import { checkAppDeployment } from "./checks/app_deployment.ts";
import { checkClocks } from "./checks/clocks.ts";
import { checkIssuers, visitIssuer } from "./checks/issuer.ts";
import { checkJwtTemplate } from "./checks/jwt_template.ts";
import { checkProject } from "./checks/project.ts";
import { checkPublishableKey } from "./checks/publishable_key.ts";
import { checkPushedProviders } from "./checks/pushed_providers.ts";
import { checkToken } from "./checks/token/check_token.ts";
import { beginExamination, type Examination } from "./examination.ts";
import type { Reach } from "./fetched.ts";
import type { Finding } from "./finding.ts";
import { readToken } from "./given_token.ts";
import { isWell, printFinding, printJson, verdict } from "./report.ts";

/** Options of `convex auth doctor`. */
export interface DoctorOptions extends DeploymentOptions {
  readonly json?: boolean;
  /** Whether a token is read; a text other than `-` was given in its place on the command line. */
  readonly token?: boolean | string;
}

/** Looks at everything that decides whether a sign-in reaches the deployment, and says what has to be mended. */
export async function doctor(options: DoctorOptions, context: CommandContext): Promise<void> {
  const { terminal } = context;
  const project = openProject(context.cwd);
  const token = options.token ? await readToken(options.token, context) : undefined;
  const opened = await openDeployment(project, options, context);
  try {
    if (opened.local?.identity !== undefined) terminal.hide(opened.local.identity.secretKey);
    const findings = await examine(project, opened, context, token);
    if (options.json) {
      printJson(opened.deployment.url, findings, terminal);
    } else {
      for (const finding of findings) printFinding(finding, terminal);
      terminal.result(verdict(findings));
    }
    context.setExitCode(isWell(findings) ? 0 : 1);
  } finally {
    await opened.close();
  }
}

async function examine(
  project: Project,
  opened: OpenDeployment,
  context: CommandContext,
  token: string | undefined,
): Promise<readonly Finding[]> {
  const reach: Reach = { fetch, now: Date.now, signal: context.signal };
  const progress = context.terminal.progress(`Looking at ${opened.deployment.url} ...`);
  try {
    const examination = await beginExamination(project, opened, context, reach);
    progress.update("Asking the issuers ...");
    return await findingsOf(examination, token);
  } finally {
    progress.end();
  }
}

/** All findings, in the order in which they have to be mended. */
async function findingsOf(examination: Examination, token: string | undefined): Promise<readonly Finding[]> {
  const visits = await Promise.all(examination.providers.map((one) => visitIssuer(examination, one)));
  return [
    ...checkProject(examination),
    ...checkAppDeployment(examination),
    ...checkPushedProviders(examination),
    ...checkIssuers(visits),
    ...checkClocks(examination, visits),
    ...checkPublishableKey(examination),
    ...(await checkJwtTemplate(examination)),
    ...(token === undefined ? [] : await checkToken(examination, token)),
  ];
}
