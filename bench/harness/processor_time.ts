import { readFileSync } from "node:fs";

/** Processor time that a process has used, in seconds (proc(5), fields 14 and 15 of `stat`). */
export function processorSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]!.split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
