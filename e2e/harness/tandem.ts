import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The built program, as a user's machine runs it. */
export const PROGRAM = fileURLToPath(new URL("../../packages/tandem/dist/main.js", import.meta.url));

/** Longest that a start may take before the test that waits for it fails, in milliseconds. */
const START_TIMEOUT = 30_000;

export interface TandemOptions {
  /** Variables such as the limits of `tandem config`, on top of the test's own environment. */
  readonly environment?: Record<string, string>;
  readonly arguments?: readonly string[];
  /** The folder it runs in, a project's; the present one by default. */
  readonly folder?: string;
  /** A folder that outlives this instance. Without one, an empty folder is made, and removed at the end. */
  readonly data?: string;
}

/** What the program prints when it is ready. */
interface Readiness {
  readonly backendUrl: string;
  readonly siteUrl: string;
  readonly adminKey: string;
  readonly identityUrl: string;
  readonly issuer: string;
  readonly publishableKey: string;
  readonly secretKey: string;
}

/** The real server in a process of its own. It keeps ports and data when it is started again. */
export interface Tandem extends Readiness {
  readonly data: string;
  readonly pid: number;
  /** All that the process has written to standard error. */
  readonly complaints: string;
  /** Ends the process and resolves with its exit code, null after a kill. */
  end(signal: "SIGTERM" | "SIGKILL"): Promise<number | null>;
  /** Starts it anew on the same ports and data; resolves when it serves. */
  start(): Promise<void>;
  /** An orderly stop and a start. */
  restart(): Promise<void>;
  /** Stops it and removes what was made for it. */
  stop(): Promise<void>;
}

const running = new Set<ChildProcess>();
process.on("exit", () => {
  for (const child of running) {
    child.kill("SIGKILL");
  }
});

/** Starts the program with an empty data folder on free ports and waits until it serves. */
export async function startTandem(options: TandemOptions = {}): Promise<Tandem> {
  const data = options.data ?? mkdtempSync(join(tmpdir(), "tandem-e2e-"));
  let complaints = "";
  let child: ChildProcess;
  let ready: Readiness | undefined;

  const start = async (): Promise<void> => {
    const ports = [ready?.backendUrl, ready?.siteUrl, ready?.identityUrl].map((url) =>
      url === undefined ? "0" : new URL(url).port,
    );
    child = spawn(
      process.execPath,
      [
        PROGRAM,
        "start",
        "--data",
        data,
        "--host",
        "127.0.0.1",
        "--backend-port",
        ports[0]!,
        "--site-port",
        ports[1]!,
        "--identity-port",
        ports[2]!,
        "--json",
        ...(options.arguments ?? []),
      ],
      {
        stdio: ["ignore", "pipe", "pipe"],
        env: { ...process.env, NODE_OPTIONS: "", ...options.environment },
        ...(options.folder === undefined ? {} : { cwd: options.folder }),
      },
    );
    const started = child;
    running.add(started);
    started.once("exit", () => running.delete(started));
    started.stderr!.setEncoding("utf8").on("data", (text: string) => {
      complaints += text;
    });
    ready = JSON.parse(await firstLine(started, () => complaints));
  };
  const end = async (signal: "SIGTERM" | "SIGKILL"): Promise<number | null> => {
    if (child.exitCode === null && child.signalCode === null) {
      const exited = once(child, "exit");
      child.kill(signal);
      await exited;
    }
    return child.exitCode;
  };
  await start();
  return {
    get backendUrl() {
      return ready!.backendUrl;
    },
    get siteUrl() {
      return ready!.siteUrl;
    },
    get adminKey() {
      return ready!.adminKey;
    },
    get identityUrl() {
      return ready!.identityUrl;
    },
    get issuer() {
      return ready!.issuer;
    },
    get publishableKey() {
      return ready!.publishableKey;
    },
    get secretKey() {
      return ready!.secretKey;
    },
    get pid() {
      return child.pid!;
    },
    get complaints() {
      return complaints;
    },
    data,
    end,
    start,
    async restart() {
      await end("SIGTERM");
      await start();
    },
    async stop() {
      await end("SIGTERM");
      if (options.data === undefined) {
        rmSync(data, { recursive: true, force: true });
      }
    },
  };
}

/** What a start that is refused says, and its exit code. Throws when it comes up after all. */
export async function failedStart(
  args: readonly string[],
  environment: Record<string, string> = {},
): Promise<{ code: number | null; text: string }> {
  const child = spawn(process.execPath, [PROGRAM, "start", "--json", ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, NODE_OPTIONS: "", ...environment },
  });
  running.add(child);
  let text = "";
  child.stderr.setEncoding("utf8").on("data", (part: string) => {
    text += part;
  });
  const served = new Promise<never>((_, reject) => {
    child.stdout.once("data", () => {
      child.kill("SIGKILL");
      reject(new Error(`The program started although it should not have, with ${args.join(" ")}`));
    });
  });
  const [code] = (await Promise.race([once(child, "close"), served])) as [number | null];
  running.delete(child);
  return { code, text };
}

function firstLine(child: ChildProcess, complaints: () => string): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    const timer = setTimeout(() => {
      child.kill("SIGKILL");
      fail(`was not ready within ${START_TIMEOUT} ms`);
    }, START_TIMEOUT);
    const onExit = (code: number | null, signal: string | null) =>
      fail(`ended (${signal ?? code}) before it was ready`);
    const fail = (what: string) => {
      clearTimeout(timer);
      reject(new Error(`The server ${what}. It said:\n${complaints()}`));
    };
    child.once("exit", onExit);
    child.stdout!.setEncoding("utf8").on("data", (part: string) => {
      text += part;
      const line = text.indexOf("\n");
      if (line !== -1) {
        clearTimeout(timer);
        child.off("exit", onExit);
        resolve(text.slice(0, line));
      }
    });
  });
}
