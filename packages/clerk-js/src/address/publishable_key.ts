/** What a publishable key says. */
export type PublishableKey = {
  instanceType: "production" | "development";
  /** The Frontend API's host, with its port if it has one. */
  frontendApi: string;
};

function malformed(key: string, why: string): Error {
  return new Error(
    `The publishableKey "${key}" is malformed: ${why}. Copy it from the API keys page of your dashboard; it looks like pk_test_… or pk_live_….`,
  );
}

/**
 * Reads a publishable key: `pk_test_` or `pk_live_`, then the Frontend API's host
 * and a `$` in base64 (F §1.1).
 *
 * @throws Error in plain words when it is missing or malformed
 */
export function parsePublishableKey(key: string | undefined): PublishableKey {
  if (key === undefined || key === "") {
    throw new Error(
      "The publishableKey is missing. `npx convex dev` writes it to .env.local, with Vite as VITE_CLERK_PUBLISHABLE_KEY.",
    );
  }
  const [prefix, type, encoded, ...rest] = key.split("_");
  if (prefix !== "pk" || (type !== "test" && type !== "live") || encoded === undefined || rest.length > 0) {
    if (prefix === "sk") {
      throw new Error(
        "A secret key was given as the publishableKey. It must never reach a browser: replace it, and pass the key that starts with pk_.",
      );
    }
    throw malformed(key, "it must be pk_test_ or pk_live_ and then base64");
  }
  let decoded: string;
  try {
    decoded = atob(encoded);
  } catch {
    throw malformed(key, `"${encoded}" is not base64`);
  }
  const frontendApi = decoded.slice(0, -1);
  if (!decoded.endsWith("$") || frontendApi.includes("$")) {
    throw malformed(key, "what it encodes must end with one $");
  }
  if (!frontendApi.includes(".") && !frontendApi.startsWith("[")) {
    throw malformed(key, `"${frontendApi}" is not the full name of a host`);
  }
  return { instanceType: type === "live" ? "production" : "development", frontendApi };
}
