import { createContext, useContext } from "react";
import type { Appearance } from "./ui/appearance.ts";
import type { Localization } from "./ui/localization.ts";

/** What the app says about how components look and in which words they speak. */
export type UiOptions = {
  appearance: Appearance | undefined;
  localization: Localization | undefined;
};

export const OptionsContext = createContext<UiOptions>({ appearance: undefined, localization: undefined });

/** The appearance and the localization that `<ClerkProvider>` was given. */
export function useOptions(): UiOptions {
  return useContext(OptionsContext);
}
