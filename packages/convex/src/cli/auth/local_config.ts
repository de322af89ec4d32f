import path from "node:path";
import type { AuthInfo } from "@tandem/protocol";
import { transform } from "esbuild";
import { type DeploymentHttp, HttpFailure, UnreachableFailure } from "../deployment/http.ts";
import { Failure } from "../failure.ts";
import type { Project } from "../project/config.ts";
import { createBundler } from "../push/bundle.ts";
import type { BundledModule } from "../push/module.ts";
import { analyzeApp } from "../push/push.ts";

/** What the project's own `auth.config` comes to. */
export type LocalConfig =
  | { readonly type: "missing" }
  /** It cannot be bundled. */
  | { readonly type: "broken"; readonly why: string }
  /** The deployment, asked to evaluate it with its variables, refuses it. */
  | {
      readonly type: "refused";
      readonly reads: readonly string[];
      readonly code: string | undefined;
      readonly why: string;
    }
  | {
      readonly type: "evaluated";
      readonly reads: readonly string[];
      readonly providers: readonly AuthInfo[];
    };

/**
 * Reads the `auth.config` of a project as a push would: bundled, and evaluated by the deployment itself with its
 * variables. Nothing takes effect.
 */
export async function readLocalConfig(
  project: Project,
  http: DeploymentHttp,
  signal: AbortSignal,
): Promise<LocalConfig> {
  const bundled = await bundle(project);
  if (bundled === null) return { type: "missing" };
  if (bundled instanceof Failure) return { type: "broken", why: bundled.message };
  const reads = await variablesRead(bundled.source);
  const app = {
    definition: null,
    schema: null,
    modules: [bundled],
    nodeDependencies: [],
    inputs: [],
    entryPoints: { isolate: [], node: [] },
  };
  try {
    const { appAuth } = await analyzeApp(http, app, {
      functions: project.config.functions,
      dryRun: true,
      signal,
    });
    return { type: "evaluated", reads, providers: appAuth };
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return { type: "refused", reads, code: error.code, why: error.message };
  }
}

/** The file's name as a person knows it, such as `convex/auth.config.ts`. */
export function configName(project: Project): string {
  return path.posix.join(project.config.functions, "auth.config.ts");
}

async function bundle(project: Project): Promise<BundledModule | Failure | null> {
  const bundler = createBundler(project);
  try {
    return await bundler.bundleAuthConfig();
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  } finally {
    await bundler.dispose();
  }
}

/** Is it the file that is wrong, rather than the key, the network or a push that came between? */
function isRefusal(error: unknown): error is Failure {
  return (
    error instanceof Failure &&
    !(error instanceof HttpFailure) &&
    !(error instanceof UnreachableFailure) &&
    error.remedy?.type !== "again"
  );
}

/** Names of the environment variables that bundled code reads. */
async function variablesRead(source: string): Promise<string[]> {
  // Bundled code keeps comments, and those of guides name variables too.
  const { code } = await transform(source, { loader: "js", minifyWhitespace: true, legalComments: "none" });
  const reads = code.matchAll(/process\.env(?:\.([A-Za-z_]\w*)|\[["'`]([A-Za-z_]\w*)["'`]\])/g);
  return [...new Set([...reads].map(([, plain, quoted]) => plain ?? quoted ?? ""))];
}
