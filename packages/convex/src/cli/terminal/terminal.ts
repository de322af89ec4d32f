import { stripVTControlCharacters, styleText } from "node:util";

/** Something under way that takes longer than a moment. */
export interface Progress {
  /** Changes the text. On anything but a TTY each distinct text becomes a line. */
  update(text: string): void;
  /** Removes the spinner; without a `text` nothing stays on the screen. */
  end(text?: string): void;
}

/** Colours of a message, named by what they mean. */
export type Tone = "plain" | "good" | "warning" | "bad" | "faint" | "strong";

/**
 * The two outputs of a command: results go to stdout and nothing else does, so that they can be piped;
 * everything said to a person goes to stderr.
 */
export interface Terminal {
  /** A result: to stdout, ending in a line break. */
  result(text: string): void;
  say(text: string, tone?: Tone): void;
  /** A finished step, with a tick before it. */
  done(text: string): void;
  warn(text: string): void;
  fail(text: string): void;
  /** Shown with `--verbose` only. */
  detail(text: string): void;
  progress(text: string): Progress;
  /** From now on this text is replaced by `[admin key]` in everything written. */
  hide(secret: string): void;
  /** Colours a text for stdout or stderr, if that one is a TTY with colours. */
  paint(text: string, tone: Tone, output?: "stdout" | "stderr"): string;
  readonly verbose: boolean;
}

/** The part of a stream that the terminal needs. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
}

const styles = {
  good: "green",
  warning: "yellow",
  bad: "red",
  faint: "gray",
  strong: "bold",
} as const;

const frames = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const framePeriodMs = 80;
/** A spinner for something that is over sooner would only flicker. */
const quietMs = 300;
const slowMs = 1000;
const clearLine = "\r\u001b[2K";

/** Writes to the two streams; `NO_COLOR` in `environment` turns colours off. */
export function createTerminal(options: {
  stdout: Output;
  stderr: Output;
  verbose?: boolean;
  environment?: Record<string, string | undefined>;
}): Terminal {
  const { stdout, stderr, verbose = false, environment = {} } = options;
  const secrets = new Set<string>();
  let spinner: { text: string; frame: number; timer: NodeJS.Timeout; shown: boolean } | undefined;

  const redact = (text: string): string => {
    let clean = text;
    for (const secret of secrets) clean = clean.replaceAll(secret, "[admin key]");
    return clean;
  };
  const coloured = (output: Output): boolean => output.isTTY === true && !environment.NO_COLOR;
  const paint = (text: string, tone: Tone, output: "stdout" | "stderr" = "stderr"): string =>
    tone === "plain" || !coloured(output === "stdout" ? stdout : stderr)
      ? text
      : styleText(styles[tone], text, { validateStream: false });

  const eraseSpinner = (): void => {
    if (spinner?.shown) stderr.write(clearLine);
  };
  const drawSpinner = (): void => {
    if (spinner === undefined) return;
    spinner.shown = true;
    const frame = frames[spinner.frame++ % frames.length];
    stderr.write(`${clearLine}${paint(frame ?? "", "faint")} ${redact(spinner.text)}`);
  };
  const line = (text: string): void => {
    eraseSpinner();
    const clean = redact(text);
    stderr.write(`${coloured(stderr) ? clean : stripVTControlCharacters(clean)}\n`);
    if (spinner?.shown) drawSpinner();
  };

  return {
    verbose,
    paint,
    hide(secret) {
      if (secret !== "") secrets.add(secret);
    },
    result(text) {
      eraseSpinner();
      stdout.write(`${redact(text)}\n`);
    },
    say: (text, tone = "plain") => line(paint(text, tone)),
    done: (text) => line(`${paint("✔", "good")} ${text}`),
    warn: (text) => line(paint(text, "warning")),
    fail: (text) => line(`${paint("✖", "bad")} ${text}`),
    detail(text) {
      if (verbose) line(paint(text, "faint"));
    },
    progress(text) {
      const begun = performance.now();
      if (stderr.isTTY !== true) return plainProgress(text, line);
      if (spinner !== undefined) clearInterval(spinner.timer);
      eraseSpinner();
      const timer = setInterval(() => {
        if (performance.now() - begun >= quietMs) drawSpinner();
      }, framePeriodMs);
      timer.unref();
      const own = { text, frame: 0, timer, shown: false };
      spinner = own;
      return {
        update(next) {
          own.text = next;
        },
        end(final) {
          clearInterval(timer);
          if (spinner === own) {
            eraseSpinner();
            spinner = undefined;
          }
          if (final !== undefined) line(final);
        },
      };
    },
  };
}

/** Progress as lines, for what takes longer than a second: what is over sooner says nothing. */
function plainProgress(text: string, line: (text: string) => void): Progress {
  let current = text;
  let slow = false;
  const timer = setTimeout(() => {
    slow = true;
    line(current);
  }, slowMs);
  timer.unref();
  return {
    update(next) {
      if (slow && next !== current) line(next);
      current = next;
    },
    end(final) {
      clearTimeout(timer);
      if (final !== undefined) line(final);
    },
  };
}

/** A terminal that writes nothing: for pushes made by a program. */
export function silentTerminal(): Terminal {
  const nowhere: Output = { write: () => undefined };
  return createTerminal({ stdout: nowhere, stderr: nowhere });
}
