import type { InitialValues } from "./redirects.ts";

/** How a component with several steps keeps its step: in the path, in the hash, or nowhere. */
export type Routing =
  | { routing?: "path"; path?: string }
  | { routing?: "hash"; path?: never }
  | { routing?: "virtual"; path?: never };

interface SharedProps {
  /** The appearance of this component alone; its type is the user interface's. */
  appearance?: object;
}

interface AuthenticationProps extends SharedProps {
  forceRedirectUrl?: string | null;
  fallbackRedirectUrl?: string | null;
  signInUrl?: string;
  signUpUrl?: string;
  initialValues?: InitialValues;
  transferable?: boolean;
  oauthFlow?: "auto" | "redirect" | "popup";
  unsafeMetadata?: Record<string, unknown>;
}

export type SignInProps = AuthenticationProps &
  Routing & {
    signUpForceRedirectUrl?: string | null;
    signUpFallbackRedirectUrl?: string | null;
    withSignUp?: boolean;
  };

export type SignUpProps = AuthenticationProps &
  Routing & {
    signInForceRedirectUrl?: string | null;
    signInFallbackRedirectUrl?: string | null;
  };

/** An entry of the user button's menu: a link, a call, or one of its own entries in another place. */
export interface CustomMenuItem {
  label: string;
  href?: string;
  open?: string;
  onClick?: () => void;
  /** What is shown before the label; a node of the user interface's framework. */
  icon?: unknown;
}

/** A page that the app adds to the user profile, or a link in its navigation. */
export interface CustomPage {
  label: string;
  /** The page's path below the profile's, or the link's address. */
  url?: string;
  icon?: unknown;
  content?: unknown;
}

export interface UserButtonProps extends SharedProps {
  showName?: boolean;
  defaultOpen?: boolean;
  userProfileMode?: "modal" | "navigation";
  userProfileUrl?: string;
  signInUrl?: string;
  afterSignOutUrl?: string;
  afterMultiSessionSingleSignOutUrl?: string;
  afterSwitchSessionUrl?: string;
  userProfileProps?: UserProfileProps;
  customMenuItems?: CustomMenuItem[];
}

export type UserProfileProps = SharedProps & Routing & { customPages?: CustomPage[] };
