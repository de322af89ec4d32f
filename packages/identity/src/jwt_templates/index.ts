export { addConvexTemplate, CONVEX_TEMPLATE } from "./convex_template.ts";
export { jwtTemplateRoutes } from "./routes.ts";
