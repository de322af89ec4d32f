export { addConvexTemplate, CONVEX_TEMPLATE } from "./convex_template.ts";
export { jwtTemplateRoutes } from "./routes.ts";
export { checkSessionClaims } from "./template_fields.ts";
