import { ApiError } from "./error_codes.ts";

/** The clients that have rules of their own (P §1.1); any other name is kept as it is. */
export type KnownClient =
  | "python"
  | "npm-cli"
  | "npm"
  | "create-convex"
  | "actions"
  | "rust"
  | "streaming-import"
  | "airbyte-export"
  | "fivetran-import"
  | "fivetran-export"
  | "dashboard"
  | "swift"
  | "kotlin";

/** Major, minor, patch. Pre-releases sort before their release. */
export interface SemVer {
  major: number;
  minor: number;
  patch: number;
  prerelease: string | null;
}

/** Which client speaks, and its version: null when that is unknown or not semver. */
export interface ClientVersion {
  client: KnownClient | (string & {});
  version: SemVer | null;
  /** As it came. */
  text: string;
}

/** No header and no version in the path: accepted (P §1.1). */
export const UNKNOWN_CLIENT: ClientVersion = {
  client: "unknown",
  version: null,
  text: "unknown-unknownversion",
};

/** The oldest versions that are served; a version at or below the number is meant (P §1.1). */
interface Threshold {
  upgradeRequired: string;
  unsupported: string;
}

const THRESHOLDS: Readonly<Record<string, Threshold>> = {
  npm: { upgradeRequired: "0.19.1", unsupported: "0.19.1" },
  "npm-cli": { upgradeRequired: "0.19.1", unsupported: "0.19.1" },
  actions: { upgradeRequired: "0.19.1", unsupported: "0.19.1" },
  python: { upgradeRequired: "0.2.0", unsupported: "0.0.2" },
  rust: { upgradeRequired: "0.0.1", unsupported: "0.0.1" },
};

/** Reads a semantic version, or answers null. */
export function parseSemVer(text: string): SemVer | null {
  const match = /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?$/.exec(
    text,
  );
  if (match === null) return null;
  return {
    major: Number(match[1]),
    minor: Number(match[2]),
    patch: Number(match[3]),
    prerelease: match[4] ?? null,
  };
}

/** Negative, 0 or positive as `a` is older, the same or newer. */
export function compareSemVer(a: SemVer, b: SemVer): number {
  const core = a.major - b.major || a.minor - b.minor || a.patch - b.patch;
  if (core !== 0 || a.prerelease === b.prerelease) return core;
  if (a.prerelease === null) return 1;
  if (b.prerelease === null) return -1;
  return comparePrerelease(a.prerelease, b.prerelease);
}

function comparePrerelease(a: string, b: string): number {
  const left = a.split(".");
  const right = b.split(".");
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const x = left[i]!;
    const y = right[i]!;
    if (x === y) continue;
    const numericX = /^\d+$/.test(x);
    const numericY = /^\d+$/.test(y);
    if (numericX && numericY) return Number(x) - Number(y);
    if (numericX !== numericY) return numericX ? -1 : 1;
    return x < y ? -1 : 1;
  }
  return left.length - right.length;
}

/**
 * Reads the `Convex-Client` header, `<client>-<version>` (P §1.1). Throws {@link ApiError} of code
 * `InvalidClientVersion` when it has no `-`.
 */
export function parseClientHeader(header: string): ClientVersion {
  const parts = header.split("-");
  if (parts.length < 2) {
    throw new ApiError(
      "BadRequest",
      "InvalidClientVersion",
      `Invalid Convex-Client header ${JSON.stringify(header)}: expected <client>-<version>, like npm-1.48.0.`,
    );
  }
  for (let i = 1; i < parts.length; i++) {
    const version = parseSemVer(parts.slice(i).join("-"));
    if (version !== null)
      return { client: canonicalName(parts.slice(0, i).join("-")), version, text: header };
  }
  return { client: canonicalName(parts.slice(0, -1).join("-")), version: null, text: header };
}

/**
 * Which client opens a socket: the header decides, else the version in `/api/{version}/sync`, which
 * only npm clients write (P §1.1). A path version that is not semver throws `InvalidVersion`.
 */
export function clientVersionOf(header: string | null, pathVersion: string | null): ClientVersion {
  if (header !== null) return parseClientHeader(header);
  if (pathVersion === null) return UNKNOWN_CLIENT;
  const version = parseSemVer(pathVersion);
  if (version === null) {
    throw new ApiError(
      "BadRequest",
      "InvalidVersion",
      `Invalid version ${JSON.stringify(pathVersion)} in the path: expected one like /api/1.48.0/sync.`,
    );
  }
  return { client: "npm", version, text: `npm-${pathVersion}` };
}

function canonicalName(name: string): string {
  return name === "python-convex" ? "python" : name;
}

/** Whether a client is served (P §1.1). */
export type VersionSupport =
  | { state: "Supported" }
  | { state: "UpgradeRequired"; message: string }
  | { state: "Unsupported"; message: string };

/** Whether a client's version is served, is served with a warning, or is refused (P §1.1). */
export function versionSupport(client: ClientVersion): VersionSupport {
  const threshold = Object.hasOwn(THRESHOLDS, client.client) ? THRESHOLDS[client.client]! : undefined;
  if (threshold === undefined) return { state: "Supported" };
  if (atMost(client.version, threshold.unsupported)) {
    return {
      state: "Unsupported",
      message: `The version ${client.text} of the Convex client is no longer supported. Update to one after ${threshold.unsupported}.`,
    };
  }
  if (atMost(client.version, threshold.upgradeRequired)) {
    return {
      state: "UpgradeRequired",
      message: `The version ${client.text} of the Convex client will soon not be supported. Update to one after ${threshold.upgradeRequired}.`,
    };
  }
  return { state: "Supported" };
}

/** The error for a refused version: 400 `ClientVersionUnsupported` (P §1.1). */
export function unsupportedVersionError(message: string): ApiError {
  return new ApiError("BadRequest", "ClientVersionUnsupported", message);
}

/** Header that tells a client that its version is old, and how old (P §1.1). */
export const DEPRECATION_STATE_HEADER = "x-convex-deprecation-state";
/** Header with the text about it. */
export const DEPRECATION_MESSAGE_HEADER = "x-convex-deprecation-message";

/** Whether a client understands TransitionChunk: npm from 1.28.0 (P §1.1). */
export function supportsTransitionChunks(client: ClientVersion): boolean {
  return (
    client.client === "npm" &&
    client.version !== null &&
    compareSemVer(client.version, { major: 1, minor: 28, patch: 0, prerelease: null }) >= 0
  );
}

/** Whether a client that names no value format means the encoded one (P §3.3). */
export function defaultsToEncodedFormat(client: ClientVersion): boolean {
  switch (client.client) {
    case "npm":
    case "npm-cli":
    case "actions":
      return below(client.version, "1.4.1");
    case "python":
      return below(client.version, "0.5.0");
    default:
      return false;
  }
}

/** A version that is not semver counts as below every threshold (P §1.1). */
function atMost(version: SemVer | null, limit: string): boolean {
  return version === null || compareSemVer(version, parseSemVer(limit)!) <= 0;
}

function below(version: SemVer | null, limit: string): boolean {
  return version === null || compareSemVer(version, parseSemVer(limit)!) < 0;
}
