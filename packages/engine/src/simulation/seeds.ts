/** The long form of the tests: `npm run test:long`. */
export const isLong = process.env.TANDEM_LONG === "1";

/**
 * The seeds that a test runs: `SEED` alone when the environment names one, else the first `short` or, in the
 * long form, the first `long`.
 */
export function seedsToRun(short: number, long: number): readonly number[] {
  const { SEED } = process.env;
  if (SEED !== undefined && SEED !== "") {
    const seed = Number(SEED);
    if (!Number.isSafeInteger(seed) || seed < 0) throw new Error(`SEED is "${SEED}": give a whole number.`);
    return [seed];
  }
  return Array.from({ length: isLong ? long : short }, (_, i) => i + 1);
}

/** What to type to see this seed fail again, with what went wrong. */
export function failingSeed(seed: number, testFile: string, what: string, cause?: unknown): Error {
  const error = new Error(`${what}\n\nTo replay: SEED=${seed} npx vitest run ${testFile}`, { cause });
  return error;
}

/** Adds up the figures of many runs. */
export function addFigures<F extends object>(total: Partial<F>, one: F): void {
  const sums = total as Record<string, number>;
  for (const [name, value] of Object.entries(one)) sums[name] = (sums[name] ?? 0) + (value as number);
}

/** Says what was done, as the long form's last word. */
export function printFigures(title: string, figures: object): void {
  const list = Object.entries(figures).map(([name, value]) => `${name} ${value}`);
  process.stdout.write(`\n${title}: ${list.join(", ")}\n`);
}
