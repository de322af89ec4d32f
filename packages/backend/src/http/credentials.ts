import { ApiError } from "@tandem/protocol";
import { ANONYMOUS, type Authenticator, type Caller } from "../auth/caller.ts";

/** Who sends this request (P §3.2, §5.9). Throws with the codes of P §5.5. */
export async function callerOf(request: Request, authenticator: Authenticator): Promise<Caller> {
  const header = request.headers.get("authorization");
  if (header === null) {
    const key = new URL(request.url).searchParams.get("adminKey");
    return key === null ? ANONYMOUS : authenticator.admin(key);
  }
  if (header.length < 7) {
    throw new ApiError("BadRequest", "InvalidHeaderFailure", "Invalid authentication header");
  }
  const [, scheme, credentials] = /^(\S+)\s+(.*)$/s.exec(header) ?? [];
  switch (scheme?.toLowerCase()) {
    case "bearer":
      return authenticator.user(credentials!.trim());
    case "convex":
      return adminCaller(credentials!.trim(), authenticator);
    default:
      throw new ApiError("BadRequest", "InvalidAdminKey", "Invalid admin key");
  }
}

/** `<key>` or `<key>:<base64 of the attributes of the user to act as>`, the key itself perhaps `prod:name|…`. */
function adminCaller(credentials: string, authenticator: Authenticator): Caller {
  const bar = credentials.indexOf("|");
  const colon = credentials.indexOf(":", bar + 1);
  if (colon === -1) {
    return authenticator.admin(credentials);
  }
  let attributes: unknown;
  try {
    attributes = JSON.parse(Buffer.from(credentials.slice(colon + 1), "base64").toString("utf8"));
  } catch (error) {
    throw new ApiError("BadRequest", "HeaderParseFailure", "Malformed Authorization header.", {
      cause: error,
    });
  }
  return authenticator.admin(credentials.slice(0, colon), attributes);
}

/** Deploys, variables and logs are an admin's. `name` is the deployment's. */
export function requireAdmin(caller: Caller, name: string): void {
  if (caller.kind !== "admin" || caller.actingAs !== null) {
    throw new ApiError(
      "Forbidden",
      "BadDeployKey",
      `The provided deploy key was invalid for deployment '${name}'. Send the admin key as \`Authorization: Convex <key>\`.`,
    );
  }
}
