import { spawn } from "node:child_process";
import { firstLine } from "./tandem.ts";

/** Runs a load script in a process of its own, `task` on its command line; answers the JSON line it prints. */
export async function loadProcess<T>(script: URL, task: unknown): Promise<T> {
  const child = spawn(
    process.execPath,
    ["--conditions=tandem-source", script.pathname, JSON.stringify(task)],
    {
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  return JSON.parse(await firstLine(child)) as T;
}
