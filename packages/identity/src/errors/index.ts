export type { ErrorCode } from "./codes.ts";
export { errorBody } from "./error_body.ts";
export {
  type Fault,
  fault,
  IdentityError,
  refuse,
  refuseField,
  refuseUntil,
  refusingWith,
} from "./identity_error.ts";
