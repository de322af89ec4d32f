import type { SignInProps, SignUpProps, UserButtonProps, UserProfileProps } from "@tandem/clerk-js";
import { type ComponentType, lazy, type ReactNode, Suspense } from "react";
import { useClerkContext } from "../clerk_context.ts";
import { fetchCode } from "../fetch_code.ts";
import type { Appearance } from "../ui/appearance.ts";
import { Action, Link, MenuItems, menuItemsOf, ProfileLink, ProfilePage, pagesOf } from "./custom_items.tsx";

/** What every component of the user interface takes beyond its own props. */
type ViewProps<Props> = Omit<Props, "appearance"> & {
  appearance?: Appearance;
  /** Shown until the component is there. */
  fallback?: ReactNode;
};

/** A view whose code is fetched when it is first shown, and which waits for the client. */
function lazyView<Props extends object>(
  name: string,
  load: () => Promise<ComponentType<Props>>,
): (props: Props & { fallback?: ReactNode }) => ReactNode {
  const View = lazy(async () => ({ default: await fetchCode(load) })) as unknown as ComponentType<object>;
  return ({ fallback = null, ...props }) => {
    const { resources } = useClerkContext(`<${name}>`);
    return resources === undefined ? (
      fallback
    ) : (
      <Suspense fallback={fallback}>
        <View {...props} />
      </Suspense>
    );
  };
}

export type SignInViewProps = SignInProps & ViewProps<SignInProps>;
export type SignUpViewProps = SignUpProps & ViewProps<SignUpProps>;

/** The sign-in, with all its steps (F §7.3). */
export const SignIn: (props: SignInViewProps) => ReactNode = lazyView("SignIn", () =>
  import("../ui/sign_in.tsx").then(({ SignInView }) => SignInView),
);

/** The sign-up, with all its steps. */
export const SignUp: (props: SignUpViewProps) => ReactNode = lazyView("SignUp", () =>
  import("../ui/sign_up.tsx").then(({ SignUpView }) => SignUpView),
);

const LazyUserButton = lazyView("UserButton", () =>
  import("../ui/user_button.tsx").then(({ UserButtonView }) => UserButtonView),
);

const LazyUserProfile = lazyView("UserProfile", () =>
  import("../ui/user_profile.tsx").then(({ UserProfileView }) => UserProfileView),
);

export type UserButtonViewProps = UserButtonProps & ViewProps<UserButtonProps> & { children?: ReactNode };

/** The picture's room, so that nothing moves when it comes. */
const PICTURE_TO_COME = (
  <span aria-hidden="true" style={{ display: "inline-block", inlineSize: "1.75rem", blockSize: "1.75rem" }} />
);

function UserButtonWithItems({ children, ...props }: UserButtonViewProps): ReactNode {
  const { resources } = useClerkContext("<UserButton>");
  const items = menuItemsOf(children);
  const pages = pagesOf(children);
  return (
    <LazyUserButton
      {...props}
      fallback={props.fallback ?? (resources?.user ? PICTURE_TO_COME : null)}
      customMenuItems={items.length > 0 ? items : props.customMenuItems}
      userProfileProps={
        pages.length > 0 ? { ...props.userProfileProps, customPages: pages } : props.userProfileProps
      }
    />
  );
}

/** The user's picture, which opens the menu of the account. Custom entries are its children. */
export const UserButton: typeof UserButtonWithItems & {
  MenuItems: typeof MenuItems;
  Action: typeof Action;
  Link: typeof Link;
  UserProfilePage: typeof ProfilePage;
  UserProfileLink: typeof ProfileLink;
} = Object.assign(UserButtonWithItems, {
  MenuItems,
  Action,
  Link,
  UserProfilePage: ProfilePage,
  UserProfileLink: ProfileLink,
});

export type UserProfileViewProps = UserProfileProps & ViewProps<UserProfileProps> & { children?: ReactNode };

function UserProfileWithPages({ children, ...props }: UserProfileViewProps): ReactNode {
  const pages = pagesOf(children);
  return <LazyUserProfile {...props} customPages={pages.length > 0 ? pages : props.customPages} />;
}

/** The account's page: who the user is, how they sign in, where they are signed in. */
export const UserProfile: typeof UserProfileWithPages & {
  Page: typeof ProfilePage;
  Link: typeof ProfileLink;
} = Object.assign(UserProfileWithPages, { Page: ProfilePage, Link: ProfileLink });
