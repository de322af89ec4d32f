import type {
  Appearance,
  AppearanceElements,
  AppearanceLayout,
  AppearanceTheme,
  AppearanceVariables,
  ComponentAppearance,
  ElementStyle,
  StyledComponent,
} from "../appearance.ts";

/** What is left of all appearances that concern a component, the nearest one winning. */
export interface ResolvedAppearance {
  readonly scheme: "light" | "dark" | "auto";
  readonly variables: AppearanceVariables;
  readonly layout: AppearanceLayout;
  /** Class names per descriptor. */
  readonly classNames: Readonly<Record<string, string>>;
  /** Styles per descriptor. */
  readonly styles: Readonly<Record<string, ElementStyle>>;
  readonly layerName: string | undefined;
}

/**
 * The look of `component`: that of the provider, then the provider's for this component, then the component's own.
 * Themes lie beneath the variables and elements given beside them.
 */
export function resolveAppearance(
  provider: Appearance | undefined,
  component: StyledComponent,
  own: Appearance | undefined,
): ResolvedAppearance {
  const given: (ComponentAppearance | undefined)[] = [provider, provider?.[component], own, own?.[component]];
  let scheme: ResolvedAppearance["scheme"] = "auto";
  const variables: AppearanceVariables = {};
  const layout: AppearanceLayout = {};
  const classNames: Record<string, string> = {};
  const styles: Record<string, ElementStyle> = {};
  const addElements = (elements: AppearanceElements | undefined): void => {
    for (const [descriptor, look] of Object.entries(elements ?? {})) {
      if (typeof look === "string") {
        classNames[descriptor] = `${classNames[descriptor] ?? ""} ${look}`.trim();
      } else if (look !== undefined) {
        styles[descriptor] = { ...styles[descriptor], ...look };
      }
    }
  };
  for (const appearance of given) {
    for (const theme of themesOf(appearance)) {
      if (typeof theme === "string") {
        scheme = theme;
        continue;
      }
      if (theme.name === "dark" || theme.name === "light") {
        scheme = theme.name;
      }
      Object.assign(variables, currentNames(theme.variables));
      addElements(theme.elements);
    }
    Object.assign(variables, currentNames(appearance?.variables));
    Object.assign(layout, appearance?.layout, appearance?.options);
    addElements(appearance?.elements);
  }
  return {
    scheme,
    variables,
    layout,
    classNames,
    styles,
    layerName: own?.cssLayerName ?? provider?.cssLayerName,
  };
}

function themesOf(appearance: ComponentAppearance | undefined): AppearanceTheme[] {
  const theme = appearance?.theme ?? appearance?.baseTheme;
  return theme === undefined ? [] : Array.isArray(theme) ? theme : [theme];
}

const EARLIER_NAMES = {
  colorText: "colorForeground",
  colorTextSecondary: "colorMutedForeground",
  colorTextOnPrimaryBackground: "colorPrimaryForeground",
  colorInputBackground: "colorInput",
  colorInputText: "colorInputForeground",
  spacingUnit: "spacing",
} as const satisfies { [earlier in keyof AppearanceVariables]: keyof AppearanceVariables };

function currentNames(variables: AppearanceVariables | undefined): AppearanceVariables {
  const result: AppearanceVariables = { ...variables };
  for (const [earlier, current] of Object.entries(EARLIER_NAMES) as [
    keyof typeof EARLIER_NAMES,
    (typeof EARLIER_NAMES)[keyof typeof EARLIER_NAMES],
  ][]) {
    const value = result[earlier];
    delete result[earlier];
    if (value !== undefined) {
      result[current] ??= value;
    }
  }
  return result;
}
