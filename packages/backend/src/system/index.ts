export { createSystemFunctions, type SystemFunctionsOptions } from "./create_system_functions.ts";
export type { SystemFunctions } from "./system_functions.ts";
