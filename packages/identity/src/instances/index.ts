export type { Instance } from "./instance.ts";
export { Instances, isLoopback } from "./instances.ts";
export { isAllowedOrigin, isAllowedRedirect } from "./origins.ts";
export { defaultSettings, type InstanceSettings } from "./settings.ts";
