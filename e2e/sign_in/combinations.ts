import type { Combination } from "./suite.ts";

type Clerk = Omit<Combination, "convex">;

/** Our React package, with nothing but the publishable key. */
export const OURS: Clerk = { clerk: "@tandem/clerk-react", scripts: [], properties: () => ({}) };

/** The genuine packages of version 5. */
export const GENUINE: Clerk = {
  clerk: "@clerk/clerk-react",
  scripts: ["@clerk/clerk-js@5.128.0"],
  properties: (url) => ({
    proxyUrl: url,
    clerkJSUrl: `${url}/npm/@clerk/clerk-js@5/dist/clerk.browser.js`,
  }),
};

/** The genuine packages of version 6, whose user interface is a script of its own. */
export const GENUINE_NEWER: Clerk = {
  clerk: "clerk-react-6",
  scripts: ["@clerk/clerk-js@6.40.0", "@clerk/ui@1.36.0"],
  properties: (url) => ({
    proxyUrl: url,
    __internal_clerkJSUrl: `${url}/npm/@clerk/clerk-js@6/dist/clerk.browser.js`,
    __internal_clerkUIUrl: `${url}/npm/@clerk/ui@1/dist/ui.browser.js`,
  }),
};
