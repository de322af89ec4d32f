import { stripVTControlCharacters } from "node:util";
import type { Terminal, Tone } from "../terminal/terminal.ts";
import type { Finding, Level } from "./finding.ts";

const marks: Readonly<Record<Level, { readonly mark: string; readonly tone: Tone }>> = {
  good: { mark: "✓", tone: "good" },
  warning: { mark: "!", tone: "warning" },
  fault: { mark: "✗", tone: "bad" },
};

/** Is there nothing that has to be mended? */
export function isWell(findings: readonly Finding[]): boolean {
  return findings.every(({ level }) => level !== "fault");
}

/** The one sentence that sums the findings up. */
export function verdict(findings: readonly Finding[]): string {
  const count = (level: Level): number => findings.filter((finding) => finding.level === level).length;
  const [faults, warnings] = [count("fault"), count("warning")];
  const aside = warnings === 0 ? "" : `, and ${counted(warnings, "warning")}`;
  return faults === 0 ? `All is well${aside}.` : `${counted(faults, "thing")} to mend${aside}.`;
}

/** Prints one finding to stdout, with what it means and what mends it below. */
export function printFinding(finding: Finding, terminal: Terminal): void {
  const { mark, tone } = marks[finding.level];
  const lines = [indented(finding.text, `${mark} `)];
  if (finding.meaning !== undefined) lines.push(indented(finding.meaning, "  "));
  if (finding.remedy !== undefined) lines.push(indented(finding.remedy, "  → "));
  const text = harmless(lines.join("\n"));
  terminal.result(text.replace(mark, terminal.paint(mark, tone, "stdout")));
}

/** Prints everything to stdout as one JSON object. */
export function printJson(deployment: string, findings: readonly Finding[], terminal: Terminal): void {
  const report = { ok: isWell(findings), deployment, verdict: verdict(findings), findings };
  terminal.result(JSON.stringify(report, null, 2));
}

/** Findings quote issuers and tokens, which must not give orders to the terminal. */
function harmless(text: string): string {
  return stripVTControlCharacters(text).replace(/[^\P{Cc}\n]/gu, "\uFFFD");
}

function indented(text: string, first: string): string {
  const [head = "", ...rest] = text.split("\n");
  return [first + head, ...rest.map((line) => " ".repeat(first.length) + line)].join("\n");
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}
