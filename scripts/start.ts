/**
 * Runs an example as a user would: `convex dev` in its folder, which starts a backend and an identity server of the
 * project's own and pushes every change, and Vite beside it. `npm start`.
 *
 * Options: `--example <name>` (react-vite, the guide's app, or chat), `--data <folder>` for the servers' data,
 * `--port <port>` for the page.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { dirname, join, relative, resolve } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { parseArgs, styleText } from "node:util";

const root = fileURLToPath(new URL("..", import.meta.url));
/** What each example has to say, and what fills its empty database. */
const EXAMPLES: Readonly<
  Record<string, { readonly name: string; readonly invitation: string; readonly seed?: string }>
> = {
  "react-vite": {
    name: "Notes to self",
    invitation: "sign up there, and open a second window to see both live.",
  },
  chat: { name: "Tandem chat", invitation: "open it in two windows and chat.", seed: "welcome:seed" },
};
const { values: flags } = parseArgs({
  options: {
    example: { type: "string", default: "react-vite" },
    data: { type: "string" },
    port: { type: "string", default: "5173" },
  },
});
const chosen = EXAMPLES[flags.example];
if (chosen === undefined) {
  console.error(`--example is "${flags.example}": give ${Object.keys(EXAMPLES).join(" or ")}.`);
  process.exit(1);
}
const example = chosen;
const app = join(root, "examples", flags.example);
const data = resolve(flags.data ?? join(app, ".tandem"));

/** Children get their own process groups: Ctrl-C reaches this script alone, which ends them in order. */
const children: { name: string; child: ChildProcess; exited: Promise<void> }[] = [];
const STOP_TIMEOUT_MS = 15_000;
let stopping = false;

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Runs a Node program in the app's folder and passes its lines on with a prefix, except those `onLine` answers with "hide". */
function run(
  name: string,
  args: string[],
  environment: NodeJS.ProcessEnv,
  onLine: (line: string) => "show" | "hide",
): void {
  const child = spawn(process.execPath, args, {
    cwd: app,
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
    detached: process.platform !== "win32",
  });
  const prefix = styleText("gray", `${name.padEnd(6)} │ `);
  for (const output of [child.stdout, child.stderr]) {
    createInterface({ input: output }).on("line", (line) => {
      if (onLine(line) === "show" && line.trim() !== "") {
        say(prefix + line);
      }
    });
  }
  const exited = new Promise<void>((settle) => {
    child.once("error", (error) => {
      say(`${name} could not be started: ${error.message}`);
      settle();
      void stop(1);
    });
    child.once("close", (code, signal) => {
      settle();
      if (!stopping) {
        say(
          `\n${name} has ended (${signal ?? `exit code ${code}`}); its last lines above say why. Stopping the rest.`,
        );
        void stop(1);
      }
    });
  });
  children.push({ name, child, exited });
}

/** Ends the children, the page before the backend, and then this process. */
async function stop(code: number): Promise<void> {
  if (stopping) {
    return;
  }
  stopping = true;
  say("\nStopping …");
  for (const { name, child, exited } of children.reverse()) {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill("SIGTERM");
      const last = setTimeout(() => {
        say(
          `${name} (process ${child.pid}) did not stop after ${STOP_TIMEOUT_MS / 1000} s: ending it by force.`,
        );
        child.kill("SIGKILL");
      }, STOP_TIMEOUT_MS);
      await exited;
      clearTimeout(last);
    }
  }
  say("Stopped.");
  process.exit(code);
}

/** `preferred` if nothing listens there on localhost, otherwise any free port. */
async function freePort(preferred: number): Promise<number> {
  const attempt = (port: number): Promise<number | undefined> =>
    new Promise((settle) => {
      const server = createServer();
      server.once("error", () => settle(undefined));
      server.listen(port, "localhost", () => {
        const address = server.address();
        server.close(() =>
          settle(typeof address === "object" && address !== null ? address.port : undefined),
        );
      });
    });
  const port = (await attempt(preferred)) ?? (await attempt(0));
  if (port === undefined) {
    throw new Error("No port on localhost can be listened on.");
  }
  return port;
}

/** What the running servers say of themselves. */
function instance(): { readonly publishableKey: string; readonly identityUrl: string } {
  return JSON.parse(readFileSync(join(data, "instance.json"), "utf8"));
}

async function startPage(backendUrl: string, onReady: (url: string) => void): Promise<void> {
  const port = await freePort(Number(flags.port));
  const vite = dirname(createRequire(join(app, "package.json")).resolve("vite/package.json"));
  const args = [join(vite, "bin/vite.js"), "--port", String(port), "--strictPort", "--clearScreen", "false"];
  const { publishableKey } = instance();
  run("vite", args, { VITE_CONVEX_URL: backendUrl, VITE_CLERK_PUBLISHABLE_KEY: publishableKey }, (line) => {
    if (line.includes("ready in")) {
      onReady(`http://localhost:${port}`);
    }
    // Where the page is, we tell ourselves.
    return /ready in|Local:|Network:/.test(line) ? "hide" : "show";
  });
}

const port = Number(flags.port);
if (!Number.isInteger(port) || port < 0 || port > 65_535) {
  say(`--port is "${flags.port}": give a port from 0 to 65535.`);
  process.exit(1);
}
for (const built of ["packages/convex/dist/cli/main.js", "packages/tandem/dist/main.js"]) {
  if (!existsSync(join(root, built))) {
    say(`${built} is missing: run \`npm start\`, which builds it first, or \`npm run build\`.`);
    process.exit(1);
  }
}
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => void stop(0));
}

say(`Starting the servers for examples/${flags.example}, pushing its functions, and serving its page …`);
let backendUrl: string | undefined;
let pageUrl: string | undefined;
let pushed = false;

function sayWhenReady(): void {
  if (backendUrl === undefined || pageUrl === undefined || !pushed || stopping) {
    return;
  }
  const strong = (text: string): string => styleText("bold", text);
  say(
    [
      "",
      `  Tandem is running. Open ${strong(pageUrl)}: ${example.invitation}`,
      "",
      `  e-mails arrive at   ${strong(`${instance().identityUrl}/inbox`)}`,
      `  the page's code     ${relative(process.cwd(), join(app, "src")) || "."}`,
      `  the backend's code  ${relative(process.cwd(), join(app, "convex")) || "."}  (pushed whenever you save)`,
      `  the backend         ${backendUrl}`,
      `  the identity server ${instance().identityUrl}`,
      `  the data            ${data}`,
      `  to stop             ${strong("Ctrl-C")}; the data stays. To begin anew, stop and delete the data folder.`,
      "",
    ].join("\n"),
  );
}

const seed = example.seed === undefined ? [] : ["--run", example.seed];
const dev = [join(root, "packages/convex/bin/convex.js"), "dev", ...seed, "--data", data];
run("convex", dev, { TANDEM_APPLICATION_NAME: example.name }, (line) => {
  const deployment = /Deployment (http\S+?),/.exec(line)?.[1];
  if (deployment !== undefined && backendUrl === undefined) {
    backendUrl = deployment;
    startPage(deployment, (url) => {
      pageUrl = url;
      sayWhenReady();
    }).catch((error: Error) => {
      say(`The page cannot be served: ${error.message}`);
      void stop(1);
    });
  }
  if (line.includes("Watching for changes") && !pushed) {
    pushed = true;
    sayWhenReady();
    return "hide";
  }
  return "show";
});
