import type { CSSProperties } from "react";
import type { AppearanceVariables } from "../appearance.ts";

const PROPERTY_OF = {
  colorPrimary: "--cl-primary",
  colorPrimaryForeground: "--cl-on-primary",
  colorDanger: "--cl-danger",
  colorSuccess: "--cl-success",
  colorWarning: "--cl-warning",
  colorNeutral: "--cl-neutral",
  colorForeground: "--cl-text",
  colorMutedForeground: "--cl-text-muted",
  colorMuted: "--cl-muted",
  colorBackground: "--cl-background",
  colorInput: "--cl-input",
  colorInputForeground: "--cl-input-text",
  colorShimmer: "--cl-shimmer",
  colorRing: "--cl-ring",
  colorShadow: "--cl-shadow",
  colorBorder: "--cl-border",
  colorModalBackdrop: "--cl-backdrop",
  fontFamily: "--cl-font",
  fontFamilyButtons: "--cl-font-buttons",
  borderRadius: "--cl-radius",
  spacing: "--cl-space",
} as const satisfies { [variable in keyof AppearanceVariables]: string };

/** The CSS custom properties that `variables` set on the root of a component. */
export function customProperties(variables: AppearanceVariables): CSSProperties {
  const properties: Record<string, string> = {};
  for (const [name, property] of Object.entries(PROPERTY_OF)) {
    const value = variables[name as keyof typeof PROPERTY_OF];
    if (value !== undefined) {
      properties[property] = value;
    }
  }
  const { fontSize, fontWeight } = variables;
  if (fontSize !== undefined) {
    properties["--cl-size"] = typeof fontSize === "number" ? `${fontSize}px` : fontSize;
  }
  for (const weight of ["normal", "medium", "semibold", "bold"] as const) {
    const value = fontWeight?.[weight];
    if (value !== undefined) {
      properties[`--cl-weight-${weight}`] = String(value);
    }
  }
  return properties;
}
