import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));

const running = new Set<ChildProcess>();
process.on("exit", () => {
  for (const child of running) {
    child.kill("SIGKILL");
  }
});

/** A program of ours in a process of its own, with what it has said so far. Stop it at the end. */
export class Program {
  readonly child: ChildProcess;
  readonly exited: Promise<number | null>;
  output = "";
  #listeners = new Set<() => void>();

  constructor(...args: string[]) {
    this.child = spawn(process.execPath, ["--conditions=tandem-source", ...args], {
      cwd: root,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, NO_COLOR: "1" },
    });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        this.output += text;
        this.#tell();
      });
    }
    this.exited = new Promise((resolve) => {
      this.child.once("exit", (code) => {
        resolve(code);
        this.#tell();
      });
    });
    running.add(this.child);
    this.child.once("exit", () => running.delete(this.child));
  }

  /** What the first group of `pattern` matches in the output, as soon as it is there. */
  said(pattern: RegExp): Promise<string> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const found = pattern.exec(this.output);
        if (found !== null) {
          this.#listeners.delete(look);
          resolve(found[1] ?? found[0]);
        } else if (this.child.exitCode !== null || this.child.signalCode !== null) {
          this.#listeners.delete(look);
          reject(new Error(`The program ended without saying ${pattern}. It said:\n${this.output}`));
        }
      };
      this.#listeners.add(look);
      look();
    });
  }

  async stop(signal: NodeJS.Signals = "SIGTERM"): Promise<number | null> {
    this.child.kill(signal);
    return await this.exited;
  }

  #tell(): void {
    for (const listener of this.#listeners) {
      listener();
    }
  }
}
