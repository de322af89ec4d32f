/** Limits of requests that would distort a run from one address: high enough to never be met. */
export const UNLIMITED: Readonly<Record<string, string>> = {
  TANDEM_CREATES_PER_10S: "1000000000",
  TANDEM_ATTEMPTS_PER_10S: "1000000000",
  TANDEM_BACKEND_API_PER_10S: "1000000000",
  TANDEM_LOCKOUT_ATTEMPTS: "1000000000",
};
