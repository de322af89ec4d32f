import { readFileSync } from "node:fs";

/** Memory that a process holds, in MiB (proc(5), `VmRSS`). */
export function residentMegabytes(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))![1];
  return Number(kilobytes) / 1024;
}

/** The least memory that a process holds while it is watched for so many seconds. */
export async function restingMegabytes(pid: number, seconds: number): Promise<number> {
  let least = residentMegabytes(pid);
  await new Promise<void>((resolve) => {
    let left = seconds;
    const timer = setInterval(() => {
      least = Math.min(least, residentMegabytes(pid));
      left--;
      if (left === 0) {
        clearInterval(timer);
        resolve();
      }
    }, 1000);
  });
  return least;
}
