/** What gives the right token to an app. */
export const getTemplateToken = 'Get the token with getToken({ template: "convex" }).';
