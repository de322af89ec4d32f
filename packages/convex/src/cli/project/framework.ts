/** The environment variables under which a framework lets browser code see the deployment. */
export interface FrameworkNames {
  /** The framework's name, or undefined if `package.json` lists none that is known. */
  readonly framework: string | undefined;
  /** Variable with the address of the deployment. */
  readonly url: string;
  /** Variable with the address of HTTP actions. */
  readonly siteUrl: string;
  /** Variable with the publishable key of the identity server. */
  readonly clerkPublishableKey: string;
  /** The file that the framework reads in development. */
  readonly file: ".env.local" | ".env";
}

/**
 * Known frameworks by the packages that give them away. The order matters: Vite is a dependency of much
 * else, so it comes after all that build on it, and Remix on Vite uses Vite's names.
 */
const frameworks: readonly { name: string; packages: readonly string[]; prefix: string }[] = [
  { name: "create-react-app", packages: ["react-scripts"], prefix: "REACT_APP_" },
  { name: "Next.js", packages: ["next"], prefix: "NEXT_PUBLIC_" },
  { name: "Expo", packages: ["expo"], prefix: "EXPO_PUBLIC_" },
  { name: "SvelteKit", packages: ["@sveltejs/kit"], prefix: "PUBLIC_" },
  { name: "Astro", packages: ["astro"], prefix: "PUBLIC_" },
  { name: "TanStack Start", packages: ["@tanstack/start", "@tanstack/react-start"], prefix: "VITE_" },
  { name: "Vite", packages: ["vite"], prefix: "VITE_" },
  { name: "Remix", packages: ["@remix-run/dev"], prefix: "" },
];

const prefixes = ["", ...new Set(frameworks.map((framework) => framework.prefix))];

/** Every name that an address of the deployment may have in an environment file. */
export const urlNames: ReadonlySet<string> = new Set(prefixes.map((prefix) => `${prefix}CONVEX_URL`));
/** Every name that an address of HTTP actions may have in an environment file. */
export const siteUrlNames: ReadonlySet<string> = new Set(
  prefixes.map((prefix) => `${prefix}CONVEX_SITE_URL`),
);
/** Every name that the publishable key may have in an environment file. */
export const publishableKeyNames: readonly string[] = prefixes.map(
  (prefix) => `${prefix}CLERK_PUBLISHABLE_KEY`,
);

/** Which names the project's framework expects; plain `CONVEX_URL` when none is recognised. */
export function frameworkNames(packages: ReadonlySet<string>): FrameworkNames {
  const found = frameworks.find((framework) => framework.packages.some((name) => packages.has(name)));
  const prefix = found?.prefix ?? "";
  return {
    framework: found?.name,
    url: `${prefix}CONVEX_URL`,
    siteUrl: `${prefix}CONVEX_SITE_URL`,
    clerkPublishableKey: `${prefix}CLERK_PUBLISHABLE_KEY`,
    file: found?.name === "Remix" ? ".env" : ".env.local",
  };
}
