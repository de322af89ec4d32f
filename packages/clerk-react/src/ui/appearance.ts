import type { CSSProperties } from "react";

/** The colours and measures that an app may set (F §7.5). Any CSS value. */
export interface AppearanceVariables {
  colorPrimary?: string;
  colorPrimaryForeground?: string;
  colorDanger?: string;
  colorSuccess?: string;
  colorWarning?: string;
  colorNeutral?: string;
  colorForeground?: string;
  colorMutedForeground?: string;
  colorMuted?: string;
  colorBackground?: string;
  colorInput?: string;
  colorInputForeground?: string;
  colorShimmer?: string;
  colorRing?: string;
  colorShadow?: string;
  colorBorder?: string;
  colorModalBackdrop?: string;
  fontFamily?: string;
  fontFamilyButtons?: string;
  fontSize?: string | number;
  fontWeight?: {
    normal?: string | number;
    medium?: string | number;
    semibold?: string | number;
    bold?: string | number;
  };
  borderRadius?: string;
  spacing?: string;
  /** The earlier name of `colorForeground`. */
  colorText?: string;
  /** The earlier name of `colorMutedForeground`. */
  colorTextSecondary?: string;
  /** The earlier name of `colorPrimaryForeground`. */
  colorTextOnPrimaryBackground?: string;
  /** The earlier name of `colorInput`. */
  colorInputBackground?: string;
  /** The earlier name of `colorInputForeground`. */
  colorInputText?: string;
  /** The earlier name of `spacing`. */
  spacingUnit?: string;
}

/** A style object; keys such as `"&:hover"` or `"@media (…)"` hold a nested one. */
export type ElementStyle = CSSProperties & { [selector: `&${string}` | `@${string}`]: ElementStyle };

/** Class names or a style for an element, by its descriptor: the part after `cl-` of its class. */
export type AppearanceElements = { [descriptor: string]: string | ElementStyle | undefined };

/** Where things are and what is shown. */
export interface AppearanceLayout {
  logoPlacement?: "inside" | "outside" | "none";
  logoImageUrl?: string;
  logoLinkUrl?: string;
  socialButtonsVariant?: "auto" | "iconButton" | "blockButton";
  socialButtonsPlacement?: "top" | "bottom";
  showOptionalFields?: boolean;
  termsPageUrl?: string;
  privacyPageUrl?: string;
  helpPageUrl?: string;
  shimmer?: boolean;
  /** `false` stops all motion, as `prefers-reduced-motion` does. */
  animations?: boolean;
  unsafe_disableDevelopmentModeWarnings?: boolean;
}

/** A ready-made look: light or dark, or variables and elements beneath the app's own. */
export type AppearanceTheme =
  | "light"
  | "dark"
  | { name?: string; variables?: AppearanceVariables; elements?: AppearanceElements };

/** What one component looks like. */
export interface ComponentAppearance {
  /** Without one, the components follow `prefers-color-scheme`. */
  theme?: AppearanceTheme | AppearanceTheme[];
  /** The earlier name of `theme`. */
  baseTheme?: AppearanceTheme | AppearanceTheme[];
  options?: AppearanceLayout;
  /** The earlier name of `options`. */
  layout?: AppearanceLayout;
  variables?: AppearanceVariables;
  elements?: AppearanceElements;
}

/** The names under which {@link Appearance} takes what concerns one component alone. */
export type StyledComponent = "signIn" | "signUp" | "userButton" | "userProfile";

/** How an app dresses the components (F §7.5): all of them, and single ones on top. */
export interface Appearance extends ComponentAppearance {
  /** Puts the style sheet into this cascade layer, so that unlayered CSS wins over it. */
  cssLayerName?: string;
  signIn?: ComponentAppearance;
  signUp?: ComponentAppearance;
  userButton?: ComponentAppearance;
  userProfile?: ComponentAppearance;
}
