/** How good or bad something is. A warning may be meant so; a fault keeps people from signing in. */
export type Level = "good" | "warning" | "fault";

/** One thing that was looked at. */
export interface Finding {
  /** Stable name for programs that read `--json`, such as `auth_config_missing`. */
  readonly code: string;
  readonly level: Level;
  /** What was found, in one sentence. */
  readonly text: string;
  /** What that leads to, or why it may be so. */
  readonly meaning?: string;
  /** The command or edit that mends it. */
  readonly remedy?: string;
}

/** What a finding says beyond its text. */
export type About = Pick<Finding, "meaning" | "remedy">;

/** All is well with this. */
export function good(code: string, text: string): Finding {
  return { code, level: "good", text };
}

/** This works, or cannot be told; somebody should look at it. */
export function warning(code: string, text: string, about: About = {}): Finding {
  return { code, level: "warning", text, ...about };
}

/** Nobody gets in while this is so. */
export function fault(code: string, text: string, about: About): Finding {
  return { code, level: "fault", text, ...about };
}
