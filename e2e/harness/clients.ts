import type * as Browser from "@tandem/convex/browser";
import type * as Server from "@tandem/convex/server";
import type * as Values from "@tandem/convex/values";
import type { api, internal } from "../app/convex/_generated/api.js";
import type { ConvexPackage } from "./project.ts";

/** A client package under test, and the fixture's functions as its own `anyApi` names them. */
export interface ClientPackage {
  readonly name: ConvexPackage;
  readonly browser: typeof Browser;
  readonly server: typeof Server;
  readonly values: typeof Values;
  readonly api: typeof api;
  readonly internal: typeof internal;
}

/** Every suite of the wire is written once and run with each of these: the public interface is the same. */
export const clientPackages: readonly ClientPackage[] = [
  clientPackage("convex-genuine", {
    browser: (await import("convex-genuine/browser")) as unknown as typeof Browser,
    server: (await import("convex-genuine/server")) as unknown as typeof Server,
    values: (await import("convex-genuine/values")) as unknown as typeof Values,
  }),
  clientPackage("@tandem/convex", {
    browser: await import("@tandem/convex/browser"),
    server: await import("@tandem/convex/server"),
    values: await import("@tandem/convex/values"),
  }),
];

function clientPackage(
  name: ConvexPackage,
  faces: Pick<ClientPackage, "browser" | "server" | "values">,
): ClientPackage {
  return {
    name,
    ...faces,
    api: faces.server.anyApi as unknown as typeof api,
    internal: faces.server.anyApi as unknown as typeof internal,
  };
}
