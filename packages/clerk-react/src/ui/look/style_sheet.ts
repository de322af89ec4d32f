import { palette } from "./palette.ts";
import { cardRules } from "./rules/card.ts";
import { controlRules } from "./rules/controls.ts";
import { motionRules } from "./rules/motion.ts";

/** A part of the style sheet. Its rules weigh as little as they can, so that an app's own win. */
export interface StyleSheet {
  readonly name: string;
  /** Parts stand on the page in this order, whichever is asked for first. */
  readonly order: number;
  readonly rules: string;
}

/** What every component needs. */
export const baseSheet: StyleSheet = {
  name: "base",
  order: 0,
  rules: palette + cardRules + controlRules + motionRules,
};
