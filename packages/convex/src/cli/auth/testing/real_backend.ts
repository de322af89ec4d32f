import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { startLocalBackend } from "../../deployment/local_backend.ts";
import { silentTerminal } from "../../terminal/terminal.ts";
import type { FixtureProject } from "../../testing/fixture_project.ts";
import { runConvex } from "../../testing/run_convex.ts";
import type { Issuer } from "./issuer.ts";

/** The `tandem` program from its source. */
export const program = {
  TANDEM_PROGRAM: path.resolve(import.meta.dirname, "../../../../../tandem/src/main.ts"),
  NODE_OPTIONS: "--conditions=tandem-source",
};

/** A real backend on ports of its own. */
export interface RealBackend extends AsyncDisposable {
  readonly url: string;
  readonly adminKey: string;
  /** Its data folder, for `--data`. */
  readonly data: string;
  /** The variables that make commands use it as a deployment that was configured. */
  readonly configured: Record<string, string>;
  /** A data folder over the same backend, beside which the given issuer runs as its identity server. */
  dataBeside(issuer: Issuer): string;
  /** Pushes the project's functions and auth config. */
  push(project: FixtureProject): Promise<void>;
  /** Sets environment variables of the deployment; null removes one. */
  setVariables(variables: Record<string, string | null>): Promise<void>;
}

/** Starts the program as the commands do. */
export async function startRealBackend(): Promise<RealBackend> {
  const folder = mkdtempSync(path.join(tmpdir(), "convex-doctor-"));
  const data = path.join(folder, "data");
  const local = await startLocalBackend({
    projectRoot: folder,
    dataDir: data,
    environment: { PATH: process.env.PATH, ...program },
    terminal: silentTerminal(),
    preferredPorts: { backend: 0, site: 0, identity: 0 },
  });
  const configured = {
    CONVEX_SELF_HOSTED_URL: local.url,
    CONVEX_SELF_HOSTED_ADMIN_KEY: local.adminKey,
  };
  return {
    url: local.url,
    adminKey: local.adminKey,
    data,
    configured,
    dataBeside(issuer) {
      const beside = mkdtempSync(path.join(folder, "beside-"));

      const instance = {
        pid: process.pid,
        backendUrl: local.url,
        siteUrl: local.siteUrl,
        adminKey: local.adminKey,
        identityUrl: issuer.url,
        issuer: issuer.url,
        publishableKey: issuer.publishableKey,
        secretKey: issuer.secretKey,
      };
      writeFileSync(path.join(beside, "instance.json"), JSON.stringify(instance), { mode: 0o600 });
      return beside;
    },
    async push(project) {
      const args = ["dev", "--once", "--typecheck", "disable", "--codegen", "disable"];
      const { code, stderr } = await runConvex(project.root, args, configured);
      if (code !== 0) throw new Error(`The push failed:\n${stderr}`);
    },
    async setVariables(variables) {
      const changes = Object.entries(variables).map(([name, value]) => ({ name, value }));
      const response = await fetch(`${local.url}/api/update_environment_variables`, {
        method: "POST",
        headers: { authorization: `Convex ${local.adminKey}`, "content-type": "application/json" },
        body: JSON.stringify({ changes }),
      });
      if (!response.ok) throw new Error(`The variables were refused: ${await response.text()}`);
    },
    async [Symbol.asyncDispose]() {
      await local.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
