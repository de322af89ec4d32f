import { jsSyscall } from "./abi/syscall.ts";
import type { PublicHttpAction } from "./registered_function.ts";

/** The methods that routes may have. `HEAD` is answered by the route for `GET`. */
export const ROUTABLE_HTTP_METHODS = /* @__PURE__ */ Object.freeze([
  "GET",
  "POST",
  "PUT",
  "DELETE",
  "OPTIONS",
  "PATCH",
] as const);

export type RoutableMethod = (typeof ROUTABLE_HTTP_METHODS)[number];

/** A route for one path. */
export type RouteSpecWithPath = { path: string; method: RoutableMethod; handler: PublicHttpAction };

/** A route for all paths below one. */
export type RouteSpecWithPathPrefix = {
  pathPrefix: string;
  method: RoutableMethod;
  handler: PublicHttpAction;
};

export type RouteSpec = RouteSpecWithPath | RouteSpecWithPathPrefix;

/** An HTTP action as the host and the router call it. */
type InvocableHttpAction = { invokeHttpAction(request: Request): Promise<Response> };

function requirePath(path: string, what: string): void {
  if (!path.startsWith("/")) throw new Error(`The ${what} "${path}" of a route must start with "/".`);
  if (path === "/.files" || path.startsWith("/.files/")) {
    throw new Error(`The ${what} "${path}" is the backend's own. Choose another one.`);
  }
}

/** The HTTP actions of an app by path and method (R §2.7). Made by {@link httpRouter}. */
export class HttpRouter {
  exactRoutes: Map<string, Map<RoutableMethod, PublicHttpAction>> = new Map();
  prefixRoutes: Map<RoutableMethod, Map<string, PublicHttpAction>> = new Map();
  isRouter = true as const;

  /**
   * Adds a route.
   *
   * @throws Error when the method cannot be routed, the path is malformed or reserved, or the route is there already.
   */
  route = (spec: RouteSpec): void => {
    const { method, handler } = spec;
    if (!handler) throw new Error("A route needs a `handler`: an HTTP action.");
    if (!ROUTABLE_HTTP_METHODS.includes(method)) {
      throw new Error(
        `A route needs a \`method\` among ${ROUTABLE_HTTP_METHODS.join(", ")}, but got ${String(method)}.`,
      );
    }
    const path = "path" in spec ? spec.path : undefined;
    const prefix = "pathPrefix" in spec ? spec.pathPrefix : undefined;
    if ((path === undefined) === (prefix === undefined)) {
      throw new Error("A route needs either a `path` or a `pathPrefix`, and not both.");
    }
    if (path !== undefined) this.addExact(path, method, handler);
    if (prefix !== undefined) this.addPrefix(prefix, method, handler);
  };

  /** All routes as `[path, method, handler]`: exact ones first, then prefixes as `"/prefix/*"`, each sorted. */
  getRoutes = (): Array<Readonly<[string, RoutableMethod, PublicHttpAction]>> => {
    const routes: Array<Readonly<[string, RoutableMethod, PublicHttpAction]>> = [];
    for (const [path, methods] of sorted(this.exactRoutes)) {
      for (const [method, handler] of sorted(methods)) routes.push([path, method, handler]);
    }
    for (const [method, prefixes] of sorted(this.prefixRoutes)) {
      for (const [prefix, handler] of sorted(prefixes)) routes.push([`${prefix}*`, method, handler]);
    }
    return routes;
  };

  /** The route that answers a request: the exact path, else the longest prefix of it. */
  lookup = (
    path: string,
    method: RoutableMethod | "HEAD",
  ): Readonly<[PublicHttpAction, RoutableMethod, string]> | null => {
    const routed = method === "HEAD" ? "GET" : method;
    const exact = this.exactRoutes.get(path)?.get(routed);
    if (exact) return [exact, routed, path];
    let longest: string | undefined;
    const prefixes = this.prefixRoutes.get(routed);
    for (const prefix of prefixes?.keys() ?? []) {
      if (path.startsWith(prefix) && prefix.length > (longest?.length ?? -1)) longest = prefix;
    }
    const handler = longest === undefined ? undefined : prefixes?.get(longest);
    return handler === undefined ? null : [handler, routed, `${longest}*`];
  };

  /** Answers a request that the host describes, for the path that the host routed it to (R §2.7). */
  runRequest = async (argsStr: string, requestRoute: string): Promise<string> => {
    const request = jsSyscall("requestFromConvexJson", { convexJson: JSON.parse(argsStr) }) as Request;
    const path = requestRoute || new URL(request.url).pathname;
    const route = this.lookup(path, request.method as RoutableMethod | "HEAD");
    const response = route
      ? await (route[0] as unknown as InvocableHttpAction).invokeHttpAction(request)
      : new Response(`No route for ${path}`, { status: 404 });
    return JSON.stringify(jsSyscall("convexJsonFromResponse", { response }));
  };

  private addExact(path: string, method: RoutableMethod, handler: PublicHttpAction): void {
    requirePath(path, "path");
    const methods = this.exactRoutes.get(path) ?? new Map<RoutableMethod, PublicHttpAction>();
    if (methods.has(method)) throw new Error(`There are two routes for ${method} ${path}. Remove one.`);
    methods.set(method, handler);
    this.exactRoutes.set(path, methods);
  }

  private addPrefix(prefix: string, method: RoutableMethod, handler: PublicHttpAction): void {
    requirePath(prefix, "pathPrefix");
    if (!prefix.endsWith("/")) throw new Error(`The pathPrefix "${prefix}" of a route must end with "/".`);
    const prefixes = this.prefixRoutes.get(method) ?? new Map<string, PublicHttpAction>();
    if (prefixes.has(prefix)) throw new Error(`There are two routes for ${method} ${prefix}*. Remove one.`);
    prefixes.set(prefix, handler);
    this.prefixRoutes.set(method, prefixes);
  }
}

function sorted<Key extends string, Entry>(map: Map<Key, Entry>): Array<[Key, Entry]> {
  return [...map].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

/**
 * Begins the routes of an app, in `convex/http.ts`.
 *
 * ```ts
 * const http = httpRouter();
 * http.route({ path: "/hook", method: "POST", handler: httpAction(async (ctx, request) => new Response()) });
 * export default http;
 * ```
 */
export const httpRouter = (): HttpRouter => new HttpRouter();
