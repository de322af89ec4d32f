export { genuineScriptRoutes } from "./routes.ts";
