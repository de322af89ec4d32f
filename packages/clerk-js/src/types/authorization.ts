export type ReverificationLevel = "first_factor" | "second_factor" | "multi_factor";

export type ReverificationConfig =
  | "strict_mfa"
  | "strict"
  | "moderate"
  | "lax"
  | { level: ReverificationLevel; afterMinutes: number };

/** What is asked of a user; everything that is named must hold (F §7.4). */
export interface CheckAuthorizationParams {
  role?: string;
  permission?: string;
  feature?: string;
  plan?: string;
  reverification?: ReverificationConfig;
}

export type CheckAuthorization = (params: CheckAuthorizationParams) => boolean;
