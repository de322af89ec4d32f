import type { Command } from "commander";
import { type CommandContext, withDeploymentOptions, withVerboseOption } from "../command.ts";
import { type DoctorOptions, doctor } from "./doctor.ts";

/** Adds `convex auth` with `doctor`. */
export function addAuthCommand(program: Command, context: CommandContext): void {
  const auth = program
    .command("auth")
    .summary("Find out why people cannot sign in")
    .description("Look after the way from a sign-in to `ctx.auth` in functions.");
  const command = auth
    .command("doctor")
    .summary("Check auth.config, issuer, keys, JWT template and clocks")
    .description(
      "Check everything on the way from a sign-in to the deployment, and say what to mend: auth.config.ts and its variables, whether it was pushed, the issuer and its keys, the clocks, the publishable key, the JWT template. Changes nothing. Ends with exit code 1 if something has to be mended.\n\n" +
        "  npx convex auth doctor\n  npx convex auth doctor --token < token.txt   also judges a token, and asks the deployment about it",
    )
    .option(
      "--token [-]",
      "Also judge a token, read from standard input (never from the command line, which others can see).",
    )
    .option("--json", "Print the findings as one JSON object.");
  withDeploymentOptions(withVerboseOption(command)).action((options: DoctorOptions) =>
    doctor(options, context),
  );
}
