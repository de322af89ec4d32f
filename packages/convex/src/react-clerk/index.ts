export { ConvexProviderWithClerk } from "./provider.ts";
