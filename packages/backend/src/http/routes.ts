import {
  clientVersionOf,
  DEPRECATION_MESSAGE_HEADER,
  DEPRECATION_STATE_HEADER,
  unsupportedVersionError,
  versionSupport,
} from "@tandem/protocol";
import { Hono } from "hono";
import { corsHeaders, preflight } from "./cors.ts";
import { errorResponse, notFound, readBody } from "./errors.ts";

export interface RoutesContext {
  readonly instanceName: string;
  readonly version: string;
  /** Bytes that `/echo` takes. */
  readonly echoBody: number;
  readonly report: (error: unknown) => void;
}

/** The backend's HTTP face: what every route has in common, and the routes that belong to no subject. */
export function routes(context: RoutesContext, subjects: readonly Hono[]): Hono {
  const app = new Hono();

  app.use(async (c, next) => {
    if (c.req.method === "OPTIONS") {
      return preflight(c.req.raw);
    }
    const support = versionSupport(clientVersionOf(c.req.header("convex-client") ?? null, null));
    if (support.state === "Unsupported") {
      const refused = errorResponse(unsupportedVersionError(support.message), context.report);
      refused.headers.set(DEPRECATION_STATE_HEADER, "Unsupported");
      refused.headers.set(DEPRECATION_MESSAGE_HEADER, support.message);
      for (const [name, value] of Object.entries(corsHeaders(c.req.raw))) {
        refused.headers.set(name, value);
      }
      return refused;
    }
    await next();
    if (support.state === "UpgradeRequired") {
      c.res.headers.set(DEPRECATION_STATE_HEADER, "UpgradeRequired");
      c.res.headers.set(DEPRECATION_MESSAGE_HEADER, support.message);
    }
    for (const [name, value] of Object.entries(corsHeaders(c.req.raw))) {
      c.res.headers.set(name, value);
    }
    return undefined;
  });

  app.get("/", (c) =>
    c.text("This is a Tandem backend: it speaks the Convex client protocol. See README to connect an app.\n"),
  );
  app.get("/version", (c) => c.text(context.version));
  app.get("/instance_version", (c) => c.text(context.version));
  app.get("/instance_name", (c) => c.text(context.instanceName));
  app.post("/echo", async (c) => new Response((await readBody(c.req.raw, context.echoBody)).slice()));

  for (const subject of subjects) {
    app.route("/", subject);
  }

  app.notFound(() => notFound());
  app.onError((error, c) => {
    const response = errorResponse(error, context.report);
    for (const [name, value] of Object.entries(corsHeaders(c.req.raw))) {
      response.headers.set(name, value);
    }
    return response;
  });
  return app;
}
