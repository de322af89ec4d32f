import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { Failure } from "../failure.ts";
import type { Terminal } from "../terminal/terminal.ts";

/** What an app has to know of the identity server. */
export interface LocalIdentity {
  readonly url: string;
  /** What tokens name as their issuer: `domain` of auth.config.ts. */
  readonly issuer: string;
  readonly publishableKey: string;
  readonly secretKey: string;
}

/** A backend that runs on this machine for one project. */
export interface LocalBackend {
  readonly url: string;
  readonly siteUrl: string;
  readonly adminKey: string;
  /** The identity server beside it, if the program runs one. */
  readonly identity: LocalIdentity | undefined;
  /** Whether this command started it, and so ends it. */
  readonly ours: boolean;
  /** Resolves with a text for the user if the process that this command started ends by itself. */
  readonly ended: Promise<string>;
  /** Ends the process if this command started it, and waits until it is gone. */
  stop(): Promise<void>;
}

/** How to find and start the backend. */
export interface LocalBackendOptions {
  readonly projectRoot: string;
  /** Folder of the data; `.tandem` in the project by default. */
  readonly dataDir: string;
  readonly environment: Record<string, string | undefined>;
  readonly terminal: Terminal;
  /** Ports to use if they are free. */
  readonly preferredPorts?: { readonly backend: number; readonly site: number; readonly identity: number };
}

const defaultPorts = { backend: 3210, site: 3211, identity: 3212 };
const startTimeoutMs = 60_000;
const stopTimeoutMs = 10_000;

/** The backend that already runs over a data folder, or undefined. */
export async function findRunning(dataDir: string): Promise<LocalBackend | undefined> {
  const file = path.join(dataDir, "instance.json");
  if (!existsSync(file)) return undefined;
  let instance: Readiness & { pid?: unknown };
  try {
    const parsed: unknown = JSON.parse(readFileSync(file, "utf8"));
    if (!isReadiness(parsed)) return undefined;
    instance = parsed;
  } catch {
    // Half written: it is starting or has crashed. Starting another one tells which, by its lock.
    return undefined;
  }
  if (!(await isInstance(instance))) return undefined;
  return {
    url: instance.backendUrl,
    siteUrl: instance.siteUrl,
    adminKey: instance.adminKey,
    identity: identityOf(instance),
    ours: false,
    ended: new Promise(() => undefined),
    stop: async () => undefined,
  };
}

/** Takes the running backend of a data folder, or starts one and waits until it answers. */
export async function startLocalBackend(options: LocalBackendOptions): Promise<LocalBackend> {
  const running = await findRunning(options.dataDir);
  if (running !== undefined) return running;
  const program = findProgram(options.projectRoot, options.environment);
  const { backend, site, identity } = options.preferredPorts ?? defaultPorts;
  const backendPort = await freePort(backend);
  const sitePort = await freePort(site, backendPort);
  const identityPort = await freePort(identity, backendPort, sitePort);
  const args = [
    ...program.args,
    "start",
    "--data",
    options.dataDir,
    "--json",
    "--backend-port",
    String(backendPort),
    "--site-port",
    String(sitePort),
    "--identity-port",
    String(identityPort),
  ];
  options.terminal.detail(`Starting ${program.command} ${args.join(" ")}`);
  const child = spawn(program.command, args, {
    cwd: options.projectRoot,
    env: options.environment,
    stdio: ["ignore", "pipe", "pipe"],
    // Ctrl-C reaches the whole terminal group; the backend must outlive the command's own clean-up.
    detached: process.platform !== "win32",
  });
  const killWithUs = (): void => {
    child.kill("SIGTERM");
  };
  process.once("exit", killWithUs);
  const readiness = await ready(child, options.terminal).catch((error: unknown) => {
    process.removeListener("exit", killWithUs);
    throw error;
  });
  let stopping = false;
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  // The promise of the end is only raced against others, so it never rejects.
  const ended = exited.then(() =>
    stopping
      ? ""
      : `The local backend ended by itself (${describeExit(child)}). Start it again with \`npx convex dev\`.`,
  );
  return {
    url: readiness.backendUrl,
    siteUrl: readiness.siteUrl,
    adminKey: readiness.adminKey,
    identity: identityOf(readiness),
    ours: true,
    ended,
    async stop() {
      stopping = true;
      process.removeListener("exit", killWithUs);
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill("SIGTERM");
      const last = setTimeout(() => child.kill("SIGKILL"), stopTimeoutMs);
      await exited;
      clearTimeout(last);
    },
  };
}

interface Readiness {
  readonly backendUrl: string;
  readonly siteUrl: string;
  readonly adminKey: string;
  readonly identityUrl?: unknown;
  readonly issuer?: unknown;
  readonly publishableKey?: unknown;
  readonly secretKey?: unknown;
}

function identityOf({
  identityUrl,
  issuer,
  publishableKey,
  secretKey,
}: Readiness): LocalIdentity | undefined {
  return typeof identityUrl === "string" &&
    typeof issuer === "string" &&
    typeof publishableKey === "string" &&
    typeof secretKey === "string"
    ? { url: identityUrl, issuer, publishableKey, secretKey }
    : undefined;
}

function isReadiness(value: unknown): value is Readiness {
  if (typeof value !== "object" || value === null) return false;
  const { backendUrl, siteUrl, adminKey } = value as Record<string, unknown>;
  return typeof backendUrl === "string" && typeof siteUrl === "string" && typeof adminKey === "string";
}

/** Reads the program's output until the line that says where it listens. */
function ready(child: ChildProcess, terminal: Terminal): Promise<Readiness> {
  return new Promise((resolve, reject) => {
    let said = "";
    let pending = "";
    let done = false;
    const fail = (why: string, cause?: unknown): void => {
      if (done) return;
      done = true;
      clearTimeout(timer);
      child.kill("SIGTERM");
      const about = said.trim() === "" ? "" : ` It said:\n${said.trim()}`;
      reject(new Failure(`The local backend did not start: ${why}.${about}`, { cause }));
    };
    const timer = setTimeout(() => fail(`it was not ready after ${startTimeoutMs / 1000} s`), startTimeoutMs);
    child.on("error", (error) => fail(error.message, error));
    child.on("exit", () => fail(describeExit(child)));
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      if (done) terminal.detail(text.trimEnd());
      else said = (said + text).slice(-4000);
    });
    child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      if (done) return terminal.detail(text.trimEnd());
      pending += text;
      for (let end = pending.indexOf("\n"); end !== -1 && !done; end = pending.indexOf("\n")) {
        const line = pending.slice(0, end);
        pending = pending.slice(end + 1);
        const readiness = parseReadiness(line);
        if (readiness === undefined) {
          said = `${said + line}\n`.slice(-4000);
          continue;
        }
        done = true;
        clearTimeout(timer);
        terminal.hide(readiness.adminKey);
        if (typeof readiness.secretKey === "string") terminal.hide(readiness.secretKey);
        resolve(readiness);
      }
    });
  });
}

function parseReadiness(line: string): Readiness | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    const parsed: unknown = JSON.parse(line);
    return isReadiness(parsed) ? parsed : undefined;
  } catch {
    // A log line that happens to start with a brace.
    return undefined;
  }
}

function describeExit(child: ChildProcess): string {
  return child.signalCode === null
    ? `it ended with exit code ${child.exitCode}`
    : `it was ended by ${child.signalCode}`;
}

/**
 * The `tandem` program: the one named by `TANDEM_PROGRAM`, else the package `@tandem/tandem` as the project
 * or this command sees it, else `tandem` on the PATH.
 */
export function findProgram(
  projectRoot: string,
  environment: Record<string, string | undefined>,
): { command: string; args: string[] } {
  const named = environment.TANDEM_PROGRAM;
  const script = (file: string): { command: string; args: string[] } =>
    /\.[cm]?[jt]s$/.test(file) ? { command: process.execPath, args: [file] } : { command: file, args: [] };
  if (named) {
    if (!existsSync(named)) throw new Failure(`TANDEM_PROGRAM is "${named}", but there is no such file.`);
    return script(path.resolve(named));
  }
  for (const from of [path.join(projectRoot, "package.json"), fileURLToPath(import.meta.url)]) {
    const file = packageProgram(from);
    if (file !== undefined) return script(file);
  }
  for (const folder of (environment.PATH ?? "").split(path.delimiter)) {
    for (const name of process.platform === "win32" ? ["tandem.cmd", "tandem.exe"] : ["tandem"]) {
      const file = path.join(folder, name);
      if (folder !== "" && existsSync(file)) return { command: file, args: [] };
    }
  }
  throw new Failure(
    "No deployment is configured, and the local backend is not installed. Install it with `npm install --save-dev @tandem/tandem`, or set CONVEX_SELF_HOSTED_URL and CONVEX_SELF_HOSTED_ADMIN_KEY in .env.local to use a deployment that runs elsewhere.",
  );
}

function packageProgram(from: string): string | undefined {
  let manifest: string;
  try {
    manifest = createRequire(from).resolve("@tandem/tandem/package.json");
  } catch {
    // Not installed there.
    return undefined;
  }
  const { bin } = JSON.parse(readFileSync(manifest, "utf8")) as { bin?: string | Record<string, string> };
  const file = typeof bin === "string" ? bin : bin?.tandem;
  return file === undefined ? undefined : path.resolve(path.dirname(manifest), file);
}

/** `preferred` if nothing listens there, any free port otherwise. */
async function freePort(preferred: number, ...taken: readonly number[]): Promise<number> {
  if (!taken.includes(preferred) && (await tryPort(preferred)) !== undefined) return preferred;
  for (;;) {
    const port = await tryPort(0);
    if (port !== undefined && !taken.includes(port)) return port;
  }
}

function tryPort(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(undefined));
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : undefined));
    });
  });
}

/**
 * Does the instance of a left-over file still run? Its port may be another project's by now: only the instance
 * itself knows its key.
 */
async function isInstance({ backendUrl, adminKey }: Readiness): Promise<boolean> {
  try {
    const headers = { Authorization: `Convex ${adminKey}` };
    const signal = AbortSignal.timeout(2000);
    return (await fetch(`${backendUrl}/api/check_admin_key`, { headers, signal, redirect: "error" })).ok;
  } catch {
    // The process of a left-over file is gone.
    return false;
  }
}
