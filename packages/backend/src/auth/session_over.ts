import { ApiError } from "@tandem/protocol";

/** Why a caller whose session has ended is nobody any more; clients fetch another token, as after an expiry. */
export function sessionOver(): ApiError {
  return new ApiError(
    "Unauthenticated",
    "TokenExpired",
    "Convex token identity expired: its session has ended",
  );
}
