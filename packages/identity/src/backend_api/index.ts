import type { Route } from "../http/index.ts";
import type { Parts } from "../parts.ts";
import { accountRoutes } from "./account_routes.ts";
import { clientRoutes } from "./client_routes.ts";
import { emailAddressRoutes } from "./email_address_routes.ts";
import { instanceRoutes } from "./instance_routes.ts";
import { keyRoutes } from "./key_routes.ts";
import { sessionRoutes } from "./session_routes.ts";
import { ticketRoutes } from "./ticket_routes.ts";
import { userRoutes } from "./user_routes.ts";

/** What the app's own servers may do with the secret key (B §1). */
export function backendRoutes(parts: Parts): Route[] {
  return [
    ...userRoutes(parts),
    ...accountRoutes(parts),
    ...emailAddressRoutes(parts),
    ...sessionRoutes(parts),
    ...clientRoutes(parts),
    ...ticketRoutes(parts),
    ...instanceRoutes(parts),
    ...keyRoutes(parts),
  ];
}
