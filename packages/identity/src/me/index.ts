import type { Route } from "../http/index.ts";
import type { Parts } from "../parts.ts";
import { emailAddressRoutes } from "./email_address_routes.ts";
import { emptyListRoutes } from "./empty_lists.ts";
import { passwordRoutes } from "./password_routes.ts";
import { profileRoutes } from "./profile_routes.ts";
import { ownSessionRoutes } from "./session_routes.ts";

/** What people do with their own account (F §4.7). */
export function meRoutes(parts: Parts): Route[] {
  return [
    ...profileRoutes(parts),
    ...passwordRoutes(parts),
    ...emailAddressRoutes(parts),
    ...ownSessionRoutes(parts),
    ...emptyListRoutes(parts),
  ];
}
