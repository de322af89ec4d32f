export {
  SignInButton,
  type SignInButtonProps,
  SignOutButton,
  type SignOutButtonProps,
  SignUpButton,
  type SignUpButtonProps,
} from "./components/buttons.tsx";
export {
  MultisessionAppSupport,
  Protect,
  type ProtectProps,
  Show,
  type ShowProps,
  SignedIn,
  SignedOut,
} from "./components/control.tsx";
export { ClerkDegraded, ClerkFailed, ClerkLoaded, ClerkLoading } from "./components/loading.tsx";
export { RedirectToSignIn, RedirectToSignUp, RedirectToUserProfile } from "./components/redirects.tsx";
export { SignIn, SignUp, UserButton, UserProfile } from "./components/views.tsx";
export { type UseAuthReturn, useAuth } from "./hooks/use_auth.ts";
export {
  type UseSessionListReturn,
  type UseSessionReturn,
  useSession,
  useSessionList,
} from "./hooks/use_session.ts";
export { type UseSignInReturn, useSignIn } from "./hooks/use_sign_in.ts";
export { type UseSignUpReturn, useSignUp } from "./hooks/use_sign_up.ts";
export { type UseUserReturn, useUser } from "./hooks/use_user.ts";
export { ClerkProvider, type ClerkProviderProps } from "./provider.tsx";
export { useClerk } from "./use_clerk.ts";
