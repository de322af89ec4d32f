/** Whichever of Clerk's React packages the page was bundled with; they have these names in common. */
declare module "clerk-under-test" {
  export { ClerkProvider, useAuth, useClerk, useUser } from "@clerk/clerk-react";
}
