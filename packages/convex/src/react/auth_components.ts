import { createElement, Fragment, type JSX, type ReactNode } from "react";
import { type ConvexAuthState, useConvexAuth } from "./auth_provider.ts";

type AuthComponent = ({ children }: { children: ReactNode }) => JSX.Element | null;

function shownWhen(condition: (state: ConvexAuthState) => boolean): AuthComponent {
  return ({ children }) => (condition(useConvexAuth()) ? createElement(Fragment, null, children) : null);
}

/** Shows its children when the server has confirmed that somebody is signed in. */
export const Authenticated: AuthComponent = /* @__PURE__ */ shownWhen(
  ({ isLoading, isAuthenticated }) => !isLoading && isAuthenticated,
);

/** Shows its children when nobody is signed in. */
export const Unauthenticated: AuthComponent = /* @__PURE__ */ shownWhen(
  ({ isLoading, isAuthenticated }) => !isLoading && !isAuthenticated,
);

/** Shows its children while it is not known whether somebody is signed in. */
export const AuthLoading: AuthComponent = /* @__PURE__ */ shownWhen(({ isLoading }) => isLoading);

/** Shows its children while somebody is signed in whose token was refused and is being replaced. */
export const AuthRefreshing: AuthComponent = /* @__PURE__ */ shownWhen(
  ({ isAuthenticated, isRefreshing }) => isAuthenticated && isRefreshing,
);
