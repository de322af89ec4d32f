export { avatarRoutes, avatarUrl } from "./avatar.ts";
export { ownerOfEmail, ownerOfUsername, verifiedEmail } from "./find_user.ts";
export { emailAddressJson, publicUserData, type UserJson, userJson } from "./user_json.ts";
export { readUsername } from "./username.ts";
