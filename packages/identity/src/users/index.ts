export {
  mergeMetadata,
  metadataText,
  normalEmailAddress,
  normalName,
  normalUsername,
} from "./account_fields.ts";
export { avatarRoutes, avatarUrl } from "./avatar.ts";
export { ownerOfEmail, ownerOfUsername, verifiedEmail } from "./find_user.ts";
export { countFailure, isLocked } from "./lockout.ts";
export { emailAddressJson, publicUserData, type UserJson, userJson } from "./user_json.ts";
export { readUsername } from "./username.ts";
