import { refuse } from "../errors/index.ts";
import type { Call } from "../http/index.ts";
import type { Reader, UserRow } from "../store/index.ts";

/** The user that the path names. Throws `resource_not_found`. */
export async function userOf(reader: Reader, { instance, path }: Call): Promise<UserRow> {
  const user = await reader.get("users", path.id!);
  if (user === null || user.instanceId !== instance.id) {
    throw refuse("resource_not_found", {}, `There is no user ${path.id}.`);
  }
  return user;
}
