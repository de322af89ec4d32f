import type { Call } from "../http/index.ts";
import type { SessionActivity } from "../store/index.ts";

const BROWSERS: readonly (readonly [name: string, pattern: RegExp])[] = [
  // Most browsers name Chrome and Safari too: the more particular ones are asked first.
  ["Edge", /\bEdg(?:A|iOS)?\/([\d.]+)/],
  ["Opera", /\bOPR\/([\d.]+)/],
  ["Firefox", /\b(?:Firefox|FxiOS)\/([\d.]+)/],
  ["Chrome", /\b(?:Headless)?(?:Chrome|CriOS)\/([\d.]+)/],
  ["Safari", /\bVersion\/([\d.]+).*Safari/],
];

const DEVICES: readonly (readonly [name: string, pattern: RegExp])[] = [
  ["iPhone", /iPhone/],
  ["iPad", /iPad/],
  ["Android", /Android/],
  ["Windows", /Windows/],
  ["Macintosh", /Macintosh/],
  ["Linux", /Linux/],
];

/** What a person recognises a device by in the list of their sessions, from the request's `User-Agent`. */
export function activityOf({ request, ipAddress }: Call, id: string): SessionActivity {
  const agent = request.headers.get("user-agent") ?? "";
  const browser = BROWSERS.map(([name, pattern]) => ({ name, version: pattern.exec(agent)?.[1] })).find(
    ({ version }) => version !== undefined,
  );
  return {
    id,
    deviceType: DEVICES.find(([, pattern]) => pattern.test(agent))?.[0] ?? null,
    isMobile: /Mobi|Android/.test(agent),
    browserName: browser?.name ?? null,
    browserVersion: browser?.version ?? null,
    ipAddress,
  };
}
