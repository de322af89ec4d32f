import { type ReactNode, useEffect, useRef } from "react";
import { useClerkState } from "../clerk_state.ts";
import { useElements, useLook, useTexts } from "../look/look_context.tsx";
import { useOpening } from "../opening.tsx";
import { TextLink } from "./button.tsx";
import { firstField } from "./focus_trap.ts";

/** The frame of a sign-in or sign-up step: a card, and below it what leads elsewhere. */
export function CardFrame(props: { children: ReactNode; footer?: ReactNode }): ReactNode {
  const el = useElements();
  const { titleId } = useOpening();
  const { layout } = useLook().appearance;
  return (
    <>
      {layout.logoPlacement === "outside" && <Logo />}
      <div className={el("cardBox")}>
        {/* The name of the step is read out with its first field. */}
        <section className={el("card")} aria-labelledby={titleId}>
          {props.children}
        </section>
        <div className={el("footer")}>
          {props.footer}
          <FooterPages />
        </div>
      </div>
    </>
  );
}

/**
 * Title and subtitle of a step. A step that follows another takes the focus to its first field, or to its title when it
 * has none, so that keyboards and screen readers arrive where the eye does.
 */
export function CardHeader(props: {
  title: string;
  subtitle?: string;
  showLogo?: boolean;
  children?: ReactNode;
}): ReactNode {
  const el = useElements();
  const { layout } = useLook().appearance;
  const opening = useOpening();
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    const card = title.current?.closest<HTMLElement>(".cl-card") ?? null;
    if (!opening.isFirstStep(title.current) && card !== null && !card.contains(document.activeElement)) {
      (firstField(card) ?? title.current)?.focus();
    }
  }, [opening]);
  return (
    <div className={el("header")}>
      {props.showLogo === true && layout.logoPlacement !== "outside" && <Logo />}
      <h1 className={el("headerTitle")} ref={title} tabIndex={-1} id={opening.titleId}>
        {props.title}
      </h1>
      {props.subtitle !== undefined && props.subtitle !== "" && (
        <p className={el("headerSubtitle")}>{props.subtitle}</p>
      )}
      {props.children}
    </div>
  );
}

/** The application's logo, when it has one and the app wants it shown. */
function Logo(): ReactNode {
  const el = useElements();
  const { environment } = useClerkState();
  const { layout } = useLook().appearance;
  const logo = layout.logoImageUrl ?? environment?.displayConfig.logoImageUrl ?? "";
  const home = layout.logoLinkUrl ?? environment?.displayConfig.homeUrl ?? "";
  if (logo === "" || layout.logoPlacement === "none") {
    return null;
  }
  const image = (
    <img className={el("logoImage")} src={logo} alt={environment?.displayConfig.applicationName} />
  );
  return <div className={el("logoBox")}>{home === "" ? image : <a href={home}>{image}</a>}</div>;
}

/** A question and the link that answers it, at the foot of a card. */
export function FooterAction(props: {
  text: string;
  link: string;
  href: string;
  onClick?: () => void;
}): ReactNode {
  const el = useElements();
  const { onClick } = props;
  return (
    <p className={el("footerAction")}>
      <span className={el("footerActionText")}>{props.text}</span>
      <TextLink
        descriptor="footerActionLink"
        href={props.href}
        onClick={
          onClick &&
          ((event) => {
            event.preventDefault();
            onClick();
          })
        }
      >
        {props.link}
      </TextLink>
    </p>
  );
}

function FooterPages(): ReactNode {
  const el = useElements();
  const { texts } = useTexts();
  const { environment } = useClerkState();
  const { layout } = useLook().appearance;
  const display = environment?.displayConfig;
  const pages = [
    [layout.helpPageUrl ?? display?.helpUrl, texts.footerPageLink__help],
    [layout.privacyPageUrl, texts.footerPageLink__privacy],
    [layout.termsPageUrl, texts.footerPageLink__terms],
  ].filter((page): page is [string, string] => typeof page[0] === "string" && page[0] !== "");
  const development =
    environment?.isDevelopmentOrStaging() === true &&
    display?.showDevmodeWarning === true &&
    layout.unsafe_disableDevelopmentModeWarnings !== true;
  if (pages.length === 0 && !development && display?.branded !== true) {
    return null;
  }
  return (
    <div className={el("footerPages")}>
      {pages.map(([address, label]) => (
        <TextLink key={label} descriptor="footerPagesLink" href={address}>
          {label}
        </TextLink>
      ))}
      {display?.branded === true && <span className={el("branding")}>{texts.securedBy}</span>}
      {development && <span className={el("developmentNote")}>{texts.developmentMode}</span>}
    </div>
  );
}
