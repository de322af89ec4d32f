/** `emailAddress` → `email_address` (F §1.6). */
export function camelToSnake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** `email_address` → `emailAddress`. */
export function snakeToCamel(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** The same value with every key inside in camel case. */
export function deepSnakeToCamel(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(deepSnakeToCamel);
  }
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [snakeToCamel(key), deepSnakeToCamel(inner)]),
    );
  }
  return value;
}
