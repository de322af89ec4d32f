import { createContext, type ReactNode, useContext, useId, useLayoutEffect, useMemo } from "react";
import { useOptions } from "../../options_context.ts";
import { useClerk } from "../../use_clerk.ts";
import type { Appearance, StyledComponent } from "../appearance.ts";
import { filled, type Texts, textsOf } from "../localization.ts";
import { customProperties } from "./custom_properties.ts";
import { elementRules } from "./element_rules.ts";
import { injectStyleSheet, pageNonce } from "./inject_style_sheet.ts";
import { type ResolvedAppearance, resolveAppearance } from "./resolve_appearance.ts";
import { baseSheet, type StyleSheet } from "./style_sheet.ts";

interface Look {
  readonly appearance: ResolvedAppearance;
  readonly texts: Texts;
  readonly locale: string | undefined;
  readonly component: StyledComponent;
  /** Sets apart the rules of this component from those of others on the page. */
  readonly scope: string;
}

const LookContext = createContext<Look | null>(null);

/** The look in which the component around is drawn. Throws outside of {@link LookProvider}. */
export function useLook(): Look {
  const look = useContext(LookContext);
  if (look === null) {
    throw new Error("This part of the user interface was drawn outside of its component.");
  }
  return look;
}

/** Settles appearance and texts of one component, and sees that the style sheet is on the page. */
export function LookProvider(props: {
  component: StyledComponent;
  appearance: Appearance | undefined;
  children: ReactNode;
}): ReactNode {
  const options = useOptions();
  const scope = `cl-scope-${useId().replace(/\W/g, "")}`;
  const { component } = props;
  const appearance = useMemo(
    () => resolveAppearance(options.appearance, component, props.appearance),
    [options.appearance, component, props.appearance],
  );
  const texts = useMemo(() => textsOf(options.localization), [options.localization]);
  const locale = options.localization?.locale;
  useSheet(baseSheet, appearance.layerName);
  const look = useMemo(
    () => ({ appearance, texts, locale, component, scope }),
    [appearance, texts, locale, component, scope],
  );
  return <LookContext.Provider value={look}>{props.children}</LookContext.Provider>;
}

/** Sees that a part of the style sheet is on the page, for components that need more than the base. */
export function useStyleSheet(sheet: StyleSheet): void {
  useSheet(sheet, useLook().appearance.layerName);
}

function useSheet(sheet: StyleSheet, layerName: string | undefined): void {
  useLayoutEffect(() => injectStyleSheet(document, sheet, layerName), [sheet, layerName]);
}

/** The outermost element of a component, or of a part of it that lives elsewhere on the page (a menu, a dialog). */
export function LookRoot(props: { className?: string; children: ReactNode }): ReactNode {
  const { appearance, component, scope } = useLook();
  const el = useElements();
  const rules = elementRules(appearance.styles, `.${scope}`);
  return (
    <div
      className={`${el("rootBox")} ${el(`${component}-root`)} ${scope} ${props.className ?? ""}`}
      style={customProperties(appearance.variables)}
      data-scheme={appearance.scheme}
      data-still={appearance.layout.animations === false ? "" : undefined}
    >
      {rules !== "" && <style nonce={pageNonce(document)}>{rules}</style>}
      {props.children}
    </div>
  );
}

/** Class names of an element by its descriptor: `cl-<descriptor>`, `cl-<descriptor>__<id>`, and the app's own. */
export function useElements(): (descriptor: string, id?: string) => string {
  const { classNames } = useLook().appearance;
  return (descriptor, id) => {
    const names = [`cl-${descriptor}`];
    if (classNames[descriptor] !== undefined) {
      names.push(classNames[descriptor]);
    }
    if (id !== undefined) {
      names.push(`cl-${descriptor}__${id}`);
      const own = classNames[`${descriptor}__${id}`];
      if (own !== undefined) {
        names.push(own);
      }
    }
    return names.join(" ");
  };
}

/** The texts, and a function that fills in their placeholders; `{{applicationName}}` is always known. */
export function useTexts(): {
  readonly texts: Texts;
  readonly fill: (text: string, values?: Record<string, string | number | undefined>) => string;
} {
  const { texts } = useLook();
  const clerk = useClerk();
  const applicationName = clerk.environment?.displayConfig.applicationName ?? "";
  return { texts, fill: (text, values) => filled(text, { applicationName, ...values }) };
}
