import { join } from "node:path";
import { LIMITS, type LimitName, readLimits } from "@tandem/backend";
import { Command, Option } from "commander";
import { PROTOCOL_LEVEL, type StartOptions, start } from "./start.ts";

interface StartFlags {
  data: string;
  host: string;
  backendPort: string;
  sitePort: string;
  json?: boolean;
  redactLogsToClient?: boolean;
  convexOrigin?: string;
  convexSite?: string;
}

const program = new Command("tandem")
  .description(
    "A self-hosted reactive backend: functions over a transactional database, pushed live to every page.",
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
  .action(async (flags: StartFlags) => {
    const tandem = await start(startOptions(flags));
    if (flags.json) {
      const { backendUrl, siteUrl, adminKey } = tandem;
      process.stdout.write(`${JSON.stringify({ backendUrl, siteUrl, adminKey })}\n`);
    } else {
      process.stdout.write(
        [
          `Tandem is running; its data is in ${flags.data}.`,
          `  backend       ${tandem.backendUrl}`,
          `  HTTP actions  ${tandem.siteUrl}`,
          "",
          "Push an app to it from the app's folder:",
          `  export CONVEX_SELF_HOSTED_URL='${tandem.backendUrl}'`,
          `  export CONVEX_SELF_HOSTED_ADMIN_KEY=${shownKey(flags.data, tandem.adminKey)}`,
          "  npx convex dev",
          "",
        ].join("\n"),
      );
    }
    stopOnSignal(tandem.stop);
  });

program
  .command("config")
  .description("print every limit and time-out with the environment variable that sets it")
  .action(() => {
    const limits = readLimits(process.env);
    const width = Math.max(...Object.values(LIMITS).map(({ variable }) => variable.length));
    for (const [name, { variable, unit, meaning, byDefault }] of Object.entries(LIMITS)) {
      const value = limits[name as LimitName];
      const changed = value === byDefault ? "" : ` (by default ${byDefault})`;
      process.stdout.write(
        `${variable.padEnd(width)}  ${value} ${unit}${changed}\n${" ".repeat(width + 2)}${meaning}\n`,
      );
    }
  });

/** The admin key for a person at a terminal; what is not one may well be a log, and logs hold no secrets. */
function shownKey(data: string, adminKey: string): string {
  return process.stdout.isTTY ? `'${adminKey}'` : `…  # adminKey of ${join(data, "instance.json")}`;
}

function startOptions(flags: StartFlags): StartOptions {
  return {
    data: flags.data,
    host: flags.host,
    backendPort: port(flags.backendPort, "--backend-port"),
    sitePort: port(flags.sitePort, "--site-port"),
    limits: readLimits(process.env),
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
