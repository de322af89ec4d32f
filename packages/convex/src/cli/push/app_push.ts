import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import path from "node:path";
import { generateCode, writeGeneratedCode } from "../codegen/index.ts";
import type { DeploymentHttp } from "../deployment/http.ts";
import { Failure } from "../failure.ts";
import { openProject, type Project } from "../project/config.ts";
import { type TypecheckMode, typecheckFunctions } from "../project/typecheck.ts";
import type { Progress, Terminal } from "../terminal/terminal.ts";
import { type BundledApp, type Bundler, createBundler } from "./bundle.ts";
import { describeChanges } from "./diff.ts";
import { findEntryPoints } from "./entry_points.ts";
import { moduleHash } from "./module.ts";
import { push } from "./push.ts";

/** How a command pushes the app of a project. */
export interface AppPushOptions {
  readonly project: Project;
  readonly http: DeploymentHttp;
  readonly terminal: Terminal;
  readonly typecheck: TypecheckMode;
  /** `before`: nothing takes effect unless the types are right. `beside`: a fault is told after the push. */
  readonly typecheckWhen: "before" | "beside";
  readonly writeCode: boolean;
  readonly dryRun?: boolean;
  readonly message?: string | undefined;
  readonly onSchemaEvaluation?: ((evaluation: unknown) => void) | undefined;
}

/** What a push came to. */
export type PushOutcome =
  /** The bundled app is byte for byte the one that was pushed before. */
  { readonly type: "unchanged" } | { readonly type: "pushed"; readonly app: BundledApp; readonly ms: number };

/** Pushes the app of one project again and again: bundle, send, generate code, check types. */
export interface AppPush {
  run(signal?: AbortSignal): Promise<PushOutcome>;
  /**
   * Files that the last bundle was made from, with those of the project's settings, and when (milliseconds
   * since 1970) they began to be read.
   */
  sources(): { readonly files: readonly string[]; readonly readAt: number };
  dispose(): Promise<void>;
}

/** Makes an {@link AppPush}. Reads the project's settings again on each run. */
export function createAppPush(options: AppPushOptions): AppPush {
  const { terminal, http } = options;
  let project = options.project;
  let bundler: Bundler | undefined;
  let inputs: readonly string[] = [];
  let readAt = Date.now();
  let pushed: string | undefined;
  let typecheck: { controller: AbortController; done: Promise<void> } | undefined;

  const openBundler = async (): Promise<Bundler> => {
    const current = openProject(project.root);
    if (bundler !== undefined && JSON.stringify(current.config) === JSON.stringify(project.config))
      return bundler;
    await bundler?.dispose();
    project = current;
    bundler = createBundler(project, {
      suspicious: (text) => terminal.warn(text),
      skipped: (file, why) => terminal.detail(`Skipping ${path.relative(project.root, file)}: ${why}.`),
    });
    return bundler;
  };
  const typecheckBeside = (): void => {
    typecheck?.controller.abort();
    const controller = new AbortController();
    const done = typecheckFunctions(project, options.typecheck, terminal, controller.signal).catch(
      (error: unknown) => {
        if (!(error instanceof Failure)) throw error;
        terminal.fail(error.message);
      },
    );
    typecheck = { controller, done };
  };
  const bundle = async (progress: Progress): Promise<BundledApp> => {
    progress.update("Bundling functions ...");
    readAt = Date.now();
    const current = await openBundler();
    if (options.writeCode) {
      // Functions import `_generated/server`, so it must be there before anything can be bundled.
      writeGeneratedCode(project, generateCode(project, findEntryPoints(project.functionsDir)), true);
    }
    const app = await current.bundle();
    inputs = app.inputs;
    return app;
  };

  return {
    async run(signal) {
      const begun = performance.now();
      const progress = terminal.progress(
        options.dryRun ? "Preparing a dry run ..." : "Preparing functions ...",
      );
      try {
        const app = await bundle(progress);
        const print = fingerprint(app);
        if (print === pushed) return { type: "unchanged" };
        const finished = await push(http, app, {
          functions: project.config.functions,
          nodeVersion: project.config.node.nodeVersion,
          dryRun: options.dryRun ?? false,
          message: options.message,
          signal,
          onProgress: (text) => progress.update(text),
          ...(options.onSchemaEvaluation === undefined
            ? {}
            : { onSchemaEvaluation: options.onSchemaEvaluation }),
          async onAnalysis(start) {
            if (options.writeCode && !options.dryRun) {
              const written = writeGeneratedCode(
                project,
                generateCode(project, app.entryPoints, start.analysis[""]),
              );
              if (written.length > 0) terminal.detail(`Generated ${written.join(", ")}.`);
            }
            if (options.typecheckWhen === "before") {
              progress.update("Checking types ...");
              await typecheckFunctions(project, options.typecheck, terminal, signal);
            }
          },
        });
        pushed = options.dryRun ? undefined : print;
        progress.end();
        for (const line of describeChanges(finished, terminal.verbose)) terminal.say(line);
        if (options.typecheckWhen === "beside") typecheckBeside();
        return { type: "pushed", app, ms: performance.now() - begun };
      } finally {
        progress.end();
      }
    },
    sources() {
      const settings = ["convex.json", "package.json"].map((name) => path.join(project.root, name));
      return { files: [...inputs, ...settings.filter((file) => existsSync(file))], readAt };
    },
    async dispose() {
      typecheck?.controller.abort();
      await typecheck?.done;
      await bundler?.dispose();
    },
  };
}

function fingerprint(app: BundledApp): string {
  const all = [
    ...(app.definition ? [app.definition] : []),
    ...(app.schema ? [app.schema] : []),
    ...app.modules,
  ];
  const parts = all.map((module) => `${module.environment} ${module.path} ${moduleHash(module)}`);
  return createHash("sha256")
    .update([...parts, JSON.stringify(app.nodeDependencies)].join("\n"))
    .digest("hex");
}
