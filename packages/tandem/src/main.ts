import { join } from "node:path";
import { LIMITS, readLimits } from "@tandem/backend";
import { LIMITS as IDENTITY_LIMITS, readLimits as readIdentityLimits } from "@tandem/identity";
import { Command, Option } from "commander";
import { PROTOCOL_LEVEL, type StartOptions, start, type Tandem } from "./start.ts";

interface StartFlags {
  data: string;
  host: string;
  backendPort: string;
  sitePort: string;
  identityPort: string;
  only?: "backend" | "identity";
  json?: boolean;
  redactLogsToClient?: boolean;
  convexOrigin?: string;
  convexSite?: string;
  identityOrigin?: string;
  applicationName: string;
  trustProxy?: boolean;
}

const program = new Command("tandem")
  .description(
    "A self-hosted reactive backend with its own sign-in: functions over a transactional database, pushed live to every page, and the identity server that says who is there.",
  )
  .version(
    PROTOCOL_LEVEL,
    "-v, --version",
    "print the level of the Convex protocol that this program speaks",
  );

program
  .command("start")
  .description("start every server in this process")
  .option("--data <folder>", "folder for everything the instance keeps", ".tandem")
  .option("--host <address>", "address to listen on", "127.0.0.1")
  .option("--backend-port <port>", "port of the backend (0: any free one)", "3210")
  .option("--site-port <port>", "port of HTTP actions (0: any free one)", "3211")
  .option("--identity-port <port>", "port of the identity server (0: any free one)", "3212")
  .addOption(new Option("--only <half>", "run one half of the program").choices(["backend", "identity"]))
  .option("--json", "print one line of JSON on standard output when ready")
  .option("--redact-logs-to-client", "keep errors and log lines of functions from clients")
  .addOption(
    new Option("--convex-origin <url>", "address by which clients reach the backend").env(
      "CONVEX_CLOUD_ORIGIN",
    ),
  )
  .addOption(
    new Option("--convex-site <url>", "address by which clients reach HTTP actions").env(
      "CONVEX_SITE_ORIGIN",
    ),
  )
  .addOption(
    new Option(
      "--identity-origin <url>",
      "address by which browsers reach identity; with https it serves the production instance",
    ).env("TANDEM_IDENTITY_ORIGIN"),
  )
  .addOption(
    new Option("--application-name <name>", "what sign-in calls the app, at the first start")
      .env("TANDEM_APPLICATION_NAME")
      .default("Tandem app"),
  )
  .addOption(
    new Option(
      "--trust-proxy",
      "believe X-Forwarded-For: for a server behind one that sets it, and that nobody else reaches",
    ).env("TANDEM_TRUST_PROXY"),
  )
  .action(async (flags: StartFlags) => {
    const { stop, ...running } = await start(startOptions(flags));
    process.stdout.write(flags.json ? `${JSON.stringify(running)}\n` : greeting(flags.data, running));
    stopOnSignal(stop);
  });

program
  .command("config")
  .description("print every limit and time-out with the environment variable that sets it")
  .action(() => {
    const limits: Readonly<Record<string, number>> = {
      ...readLimits(process.env),
      ...readIdentityLimits(process.env),
    };
    const rules = { ...LIMITS, ...IDENTITY_LIMITS };
    const width = Math.max(...Object.values(rules).map(({ variable }) => variable.length));
    for (const [name, { variable, unit, meaning, byDefault }] of Object.entries(rules)) {
      const value = limits[name]!;
      const changed = value === byDefault ? "" : ` (by default ${byDefault})`;
      process.stdout.write(
        `${variable.padEnd(width)}  ${value} ${unit}${changed}\n${" ".repeat(width + 2)}${meaning}\n`,
      );
    }
  });

/** What a person is told when everything runs. */
function greeting(data: string, running: Omit<Tandem, "stop">): string {
  const { backendUrl, siteUrl, adminKey, identityUrl, issuer, publishableKey, secretKey } = running;
  const lines = [`Tandem is running; its data is in ${data}.`];
  if (backendUrl !== undefined) {
    lines.push(`  backend          ${backendUrl}`, `  HTTP actions     ${siteUrl}`);
  }
  if (identityUrl !== undefined) {
    lines.push(
      `  identity         ${identityUrl}`,
      `  issuer           ${issuer}`,
      `  publishable key  ${publishableKey}`,
      `  secret key       ${shownSecret(data, "secretKey", secretKey!)}`,
    );
  }
  if (backendUrl !== undefined) {
    lines.push(
      "",
      "Push an app to it from the app's folder:",
      `  export CONVEX_SELF_HOSTED_URL='${backendUrl}'`,
      `  export CONVEX_SELF_HOSTED_ADMIN_KEY=${shownSecret(data, "adminKey", adminKey!)}`,
      "  npx convex dev",
    );
  }
  return `${lines.join("\n")}\n`;
}

/** A key for a person at a terminal; what is not one may well be a log, and logs hold no secrets. */
function shownSecret(data: string, name: string, secret: string): string {
  return process.stdout.isTTY ? `'${secret}'` : `…  # ${name} of ${join(data, "instance.json")}`;
}

/** The mail server, as the environment names it. Throws when only one half of it is there. */
function mailServer({
  TANDEM_SMTP_URL: url,
  TANDEM_MAIL_FROM: from,
}: NodeJS.ProcessEnv): Pick<StartOptions, "smtp"> {
  if (!url && !from) return {};
  if (!url || !from) {
    const missing = url
      ? "TANDEM_MAIL_FROM (the sender's address)"
      : "TANDEM_SMTP_URL (smtps://user:password@host)";
    throw new Error(`${missing} is not set: sending mail needs both.`);
  }
  return { smtp: { url, from } };
}

/** An address without path or slash. Throws on anything else. */
function origin(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol) || (url.pathname !== "/" && url.pathname !== "")) {
    throw new Error(
      `--identity-origin is "${text}": give an address such as https://clerk.example.com, without a path.`,
    );
  }
  return url.origin;
}

function startOptions(flags: StartFlags): StartOptions {
  return {
    data: flags.data,
    host: flags.host,
    backendPort: port(flags.backendPort, "--backend-port"),
    sitePort: port(flags.sitePort, "--site-port"),
    identityPort: port(flags.identityPort, "--identity-port"),
    ...(flags.only === undefined ? {} : { only: flags.only }),
    limits: readLimits(process.env),
    identityLimits: readIdentityLimits(process.env),
    applicationName: flags.applicationName,
    trustProxy: flags.trustProxy ?? false,
    ...mailServer(process.env),
    project: process.cwd(),
    log: (line) => console.error(line),
    ...(flags.identityOrigin === undefined ? {} : { identityOrigin: origin(flags.identityOrigin) }),
    redact: flags.redactLogsToClient ?? false,
    ...(flags.convexOrigin === undefined ? {} : { cloudUrl: flags.convexOrigin }),
    ...(flags.convexSite === undefined ? {} : { siteUrl: flags.convexSite }),
    report: (error) => console.error(error),
    fatal: (error) => {
      console.error("The database has stopped, to keep what it holds safe:", error);
      process.exit(70);
    },
  };
}

function port(text: string, option: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > 65_535) {
    throw new Error(`${option} is "${text}": give a port from 0 to 65535.`);
  }
  return value;
}

function stopOnSignal(stop: () => Promise<void>): void {
  let stopping = false;
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.on(signal, () => {
      if (stopping) {
        return;
      }
      stopping = true;
      stop().then(
        () => process.exit(0),
        (error) => {
          console.error(error);
          process.exit(1);
        },
      );
    });
  }
}

try {
  await program.parseAsync();
} catch (error) {
  console.error(`tandem: ${(error as Error).message}`);
  process.exit(1);
}
