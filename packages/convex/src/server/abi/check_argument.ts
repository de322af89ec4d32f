/**
 * Checks that an argument was given.
 *
 * @param position Which parameter it is, from 1.
 * @throws TypeError when it is `undefined`.
 */
export function requireArgument(value: unknown, position: number, method: string, name: string): void {
  if (value === undefined) {
    throw new TypeError(
      `\`${method}\` needs a value for its parameter ${position}, \`${name}\`, but got undefined.`,
    );
  }
}

/**
 * Checks that an argument is a count.
 *
 * @throws TypeError unless it is 0, 1, 2, …
 */
export function requireCount(value: unknown, position: number, method: string, name: string): void {
  if (!Number.isInteger(value) || (value as number) < 0) {
    throw new TypeError(
      `\`${method}\` needs a whole number, 0 or more, for its parameter ${position}, \`${name}\`, but got ${String(value)}.`,
    );
  }
}
