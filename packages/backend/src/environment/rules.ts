import { ApiError } from "@tandem/protocol";

/** A variable to set, or with `null` to remove. */
export interface VariableChange {
  readonly name: string;
  readonly value: string | null;
}

export interface VariableLimits {
  /** How many there may be. */
  readonly environmentVariables: number;
  /** Bytes of one value. */
  readonly environmentValue: number;
}

const NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
const LONGEST_NAME = 256;
const TOTAL_BYTES = 512 * 1024;

/** Throws with the codes of R §4.8 when the changes cannot be made to `before`; answers what they make of it. */
export function applyChanges(
  before: ReadonlyMap<string, string>,
  changes: readonly VariableChange[],
  system: Readonly<Record<string, string>>,
  limits: VariableLimits,
): Map<string, string> {
  const after = new Map(before);
  const named = new Set<string>();
  for (const { name, value } of changes) {
    checkName(name, system);
    if (named.has(name)) {
      throw refused("EnvVarNameNotUnique", `Environment variable "${name}" is given twice in one change.`);
    }
    named.add(name);
    if (value === null) {
      after.delete(name);
      continue;
    }
    if (Buffer.byteLength(value) > limits.environmentValue) {
      throw refused(
        "EnvironmentVariableValueTooLarge",
        `The value of environment variable "${name}" is ${Buffer.byteLength(value)} bytes long, at most ${limits.environmentValue} are allowed.`,
      );
    }
    after.set(name, value);
  }
  if (after.size > limits.environmentVariables) {
    throw refused(
      "EnvVarLimitMet",
      `There can be at most ${limits.environmentVariables} environment variables.`,
    );
  }
  const total = [...after].reduce((sum, [name, value]) => sum + name.length + Buffer.byteLength(value), 0);
  if (total > TOTAL_BYTES) {
    throw refused(
      "EnvironmentVariableValueTooLarge",
      `All environment variables together would be ${total} bytes long, at most ${TOTAL_BYTES} are allowed.`,
    );
  }
  return new Map([...after].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function checkName(name: string, system: Readonly<Record<string, string>>): void {
  if (name.length > LONGEST_NAME) {
    throw refused(
      "EnvironmentVariableNameTooLong",
      `Environment variable name "${name.slice(0, 40)}…" has ${name.length} characters, at most ${LONGEST_NAME} are allowed.`,
    );
  }
  if (!NAME.test(name)) {
    throw refused(
      "EnvironmentVariableNameInvalid",
      `Environment variable name "${name}" is invalid: use letters, digits and underscores, and no digit first.`,
    );
  }
  if (Object.hasOwn(system, name)) {
    throw refused(
      "EnvVarNameForbidden",
      `Environment variable "${name}" is the server's own and cannot be changed.`,
    );
  }
}

function refused(code: string, message: string): ApiError {
  return new ApiError("BadRequest", code, message);
}
