export {
  mergeMetadata,
  metadataText,
  normalEmailAddress,
  normalName,
  normalUsername,
} from "./account_fields.ts";
export { avatarRoutes, avatarUrl } from "./avatar.ts";
export { createUser, type NewUser, refuseTakenExternalId, refuseTakenUsername } from "./create_user.ts";
export { deleteUser } from "./delete_user.ts";
export {
  addEmailAddress,
  type NewEmailAddress,
  refuseTakenAddress,
  removeEmailAddress,
  UNVERIFIED,
  VERIFIED_BY_ADMIN,
} from "./email_addresses.ts";
export { isOwned, isTakenEmail, ownerOfEmail, ownerOfUsername } from "./find_user.ts";
export { countFailure, isLocked, lockInForce, operatorLock } from "./lockout.ts";
export { hashNewPassword, identifiersOf, passwordFields, storedPassword } from "./set_password.ts";
export { emailAddressJson, publicUserData, type UserJson, userJson } from "./user_json.ts";
