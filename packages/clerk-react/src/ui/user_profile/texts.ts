import { useMemo } from "react";
import { useOptions } from "../../options_context.ts";
import { overlaidTexts, type ProfileTexts } from "../localization.ts";
import { english } from "./english.ts";

/** The profile's own texts, with those of the app in their place. */
export function useProfileTexts(): ProfileTexts {
  const own = useOptions().localization?.userProfile;
  return useMemo(() => overlaidTexts<ProfileTexts>(english, own), [own]);
}
