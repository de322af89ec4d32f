import { palette } from "./palette.ts";
import { cardRules } from "./rules/card.ts";
import { controlRules } from "./rules/controls.ts";
import { motionRules } from "./rules/motion.ts";
import { overlayRules } from "./rules/overlays.ts";
import { profileRules } from "./rules/profile.ts";

/** The whole style sheet. Its rules weigh as little as they can, so that an app's own win. */
export const styleSheet = [palette, cardRules, controlRules, overlayRules, profileRules, motionRules]
  .join("")
  .replace(/\n\s*/g, "");
