import type { ElementStyle } from "../appearance.ts";

/** Properties whose plain numbers are no lengths. */
const WITHOUT_UNIT =
  /^(?:--|opacity|zIndex|fontWeight|lineHeight|flex|order|zoom|scale|aspectRatio|gridRow|gridColumn)/;

/** CSS rules for the style objects in `appearance.elements`: one per descriptor, below the element `scope`. */
export function elementRules(styles: Readonly<Record<string, ElementStyle>>, scope: string): string {
  return Object.entries(styles)
    .map(
      ([descriptor, style]) => `${scope} .cl-${descriptor},${scope}.cl-${descriptor}{${declarations(style)}}`,
    )
    .join("\n");
}

function declarations(style: ElementStyle): string {
  return Object.entries(style)
    .map(([name, value]: [string, unknown]) => {
      if (value === undefined || value === null) {
        return "";
      }
      if (typeof value === "object") {
        return `${name}{${declarations(value as ElementStyle)}}`;
      }
      const property = name.startsWith("--")
        ? name
        : name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
      const text =
        typeof value === "number" && value !== 0 && !WITHOUT_UNIT.test(name) ? `${value}px` : String(value);
      return `${property}:${text};`;
    })
    .join("");
}
