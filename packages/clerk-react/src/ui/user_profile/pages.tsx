import type { CustomPage, UserProfileProps } from "@tandem/clerk-js";
import { Fragment, type ReactNode, useId } from "react";
import { useClerkState } from "../clerk_state.ts";
import { useElements, useStyleSheet } from "../look/look_context.tsx";
import { profileSheet } from "../look/rules/profile.ts";
import { useOpening } from "../opening.tsx";
import { Button, PageLink } from "../primitives/button.tsx";
import { PersonIcon, ShieldIcon } from "../primitives/icons.tsx";
import { moveAmongTabs } from "../primitives/tabs.ts";
import { useSteps } from "../steps/steps.ts";
import { AccountPage } from "./account_page.tsx";
import { SecurityPage } from "./security_page.tsx";
import { useProfileTexts } from "./texts.ts";

interface Page {
  readonly name: string;
  readonly step: string;
  readonly label: string;
  readonly icon: ReactNode;
  readonly content: ReactNode;
}

/** The pages of the profile, with their navigation: at the side, or above on a narrow screen. */
export function ProfilePages(given: { props: UserProfileProps }): ReactNode {
  const el = useElements();
  useStyleSheet(profileSheet);
  const profileTexts = useProfileTexts();
  const { user } = useClerkState();
  const { titleId } = useOpening();
  const { step, go } = useSteps();
  const id = useId();
  if (user === null || user === undefined) {
    return null;
  }
  const words = profileTexts.navbar;
  const own: Page[] = [
    { name: "account", step: "", label: words.account, icon: <PersonIcon />, content: <AccountPage /> },
    {
      name: "security",
      step: "security",
      label: words.security,
      icon: <ShieldIcon />,
      content: <SecurityPage />,
    },
  ];
  // Ours stand before the app's, but for those that it placed among its own.
  const placed = (given.props.customPages ?? []).flatMap((page) => pageOf(page, own));
  const pages = [...own.filter((page) => !placed.includes(page)), ...placed];
  const links = (given.props.customPages ?? []).filter(isLink);
  const current = pages.find((page) => page.step === step || page.name === step) ?? own[0]!;
  return (
    <div className="cl-profileFrame">
      <div className={el("cardBox")}>
        <div className={el("profileGrid")}>
          <div className={el("navbar")}>
            <div className="cl-navbarHeader">
              <h1 className={el("navbarTitle")} id={titleId}>
                {words.title}
              </h1>
              <p className={el("navbarDescription")}>{words.description}</p>
            </div>
            <div
              className={el("navbarButtons")}
              role="tablist"
              aria-labelledby={titleId}
              onKeyDown={moveAmongTabs}
            >
              {pages.map((page) => {
                const selected = page === current;
                return (
                  <Button
                    key={page.name}
                    descriptor="navbarButton"
                    id={page.name}
                    role="tab"
                    aria-selected={selected}
                    aria-controls={`${id}-page`}
                    tabIndex={selected ? 0 : -1}
                    onClick={() => go(page.step)}
                  >
                    {page.icon}
                    {page.label}
                  </Button>
                );
              })}
            </div>
            {links.length > 0 && (
              <div className={el("navbarButtons")}>
                {links.map(({ label, url, icon }) => (
                  <PageLink key={label} className={`${el("button")} ${el("navbarButton")}`} href={url ?? ""}>
                    {icon as ReactNode}
                    {label}
                  </PageLink>
                ))}
              </div>
            )}
          </div>
          <div
            id={`${id}-page`}
            className={el("pageScrollBox")}
            role="tabpanel"
            aria-label={current.label}
            // biome-ignore lint/a11y/noNoninteractiveTabindex: a panel that scrolls can be scrolled with the keyboard
            tabIndex={0}
          >
            <Fragment key={current.step}>{current.content}</Fragment>
          </div>
        </div>
      </div>
    </div>
  );
}

function isLink({ content, url }: CustomPage): boolean {
  return content === undefined && url !== undefined;
}

/** A page of the app's, or ours where the app placed it by its name alone. */
function pageOf({ label, url, icon, content }: CustomPage, own: readonly Page[]): Page[] {
  if (content === undefined && url === undefined) {
    return own.filter(({ name }) => name === label);
  }
  if (content === undefined || url === undefined) {
    return [];
  }
  const step = url.replace(/^\/+/, "");
  return [{ name: step, step, label, icon: icon as ReactNode, content: content as ReactNode }];
}
