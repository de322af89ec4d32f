export { App, type Connection } from "./app.ts";
export { readCookies, setCookie } from "./cookies.ts";
export { Params } from "./params.ts";
export { type Answer, type Call, type Method, type Route, redirect } from "./route.ts";
