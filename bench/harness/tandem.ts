import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { bundleFunctions, pushModules } from "@tandem/convex/push";

const PROGRAM = fileURLToPath(new URL("../../packages/tandem/dist/main.js", import.meta.url));

/** The real program in a process of its own, with an empty data folder. */
export interface TandemProcess {
  readonly backendUrl: string;
  readonly adminKey: string;
  readonly identityUrl: string;
  /** Of its identity server's main instance. */
  readonly issuer: string;
  readonly secretKey: string;
  readonly pid: number;
  readonly data: string;
  stop(): Promise<void>;
}

/** With `data` the folder is kept when the process stops. `environment` is added to this process's own. */
export async function startTandem(
  data?: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<TandemProcess> {
  const folder = data ?? mkdtempSync(join(tmpdir(), "tandem-bench-"));
  const child = spawn(
    process.execPath,
    [
      PROGRAM,
      "start",
      "--data",
      folder,
      "--backend-port",
      "0",
      "--site-port",
      "0",
      "--identity-port",
      "0",
      "--json",
    ],
    { stdio: ["ignore", "pipe", "inherit"], env: { ...process.env, ...environment } },
  );
  const { backendUrl, adminKey, identityUrl, issuer, secretKey } = JSON.parse(await firstLine(child)) as Omit<
    TandemProcess,
    "pid" | "data" | "stop"
  >;
  return {
    backendUrl,
    adminKey,
    identityUrl,
    issuer,
    secretKey,
    pid: child.pid!,
    data: folder,
    async stop() {
      child.kill("SIGTERM");
      if (child.exitCode === null) {
        await once(child, "exit");
      }
      if (data === undefined) {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  };
}

/** The first line that a process prints. Throws when it ends without one. */
export async function firstLine(child: ChildProcess): Promise<string> {
  for await (const line of createInterface({ input: child.stdout! })) {
    return line;
  }
  throw new Error(`The process ended (${child.exitCode ?? child.signalCode}) before it was ready.`);
}

/** Sets an environment variable of the deployment, for functions and for auth.config.ts. */
export async function setVariable(tandem: TandemProcess, name: string, value: string): Promise<void> {
  const response = await fetch(`${tandem.backendUrl}/api/update_environment_variables`, {
    method: "POST",
    headers: { authorization: `Convex ${tandem.adminKey}`, "content-type": "application/json" },
    body: JSON.stringify({ changes: [{ name, value }] }),
  });
  if (!response.ok) {
    throw new Error(`Setting ${name} was answered ${response.status}: ${await response.text()}`);
  }
}

/** Pushes the app in `folder` (an URL of its project root). */
export async function pushApp(tandem: TandemProcess, folder: URL): Promise<void> {
  const app = await bundleFunctions(fileURLToPath(folder));
  await pushModules({ url: tandem.backendUrl, adminKey: tandem.adminKey }, app);
}
