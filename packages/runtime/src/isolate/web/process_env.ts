let variables: ReadonlyMap<string, string> = new Map();

/** The environment that `process.env` shows from now on: JSON text of an object of strings. */
export function setEnvironment(json: string): void {
  variables = new Map(Object.entries(JSON.parse(json) as Record<string, string>));
}

/** `process.env`: names that are not set are `undefined`; it can be read only by name (R §2.2). */
export const env: Record<string, string | undefined> = new Proxy(
  Object.create(null) as Record<string, string>,
  {
    get: (_, name) => (typeof name === "string" ? variables.get(name) : undefined),
    set: (_, name) => {
      throw new TypeError(
        `process.env.${String(name)} cannot be set by a function; use \`npx convex env set\`.`,
      );
    },
  },
);
