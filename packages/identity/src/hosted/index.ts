export { hostedRoutes } from "./routes.ts";
