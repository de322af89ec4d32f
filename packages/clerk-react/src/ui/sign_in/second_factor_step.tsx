import type { ReactNode } from "react";
import { useTexts } from "../look/look_context.tsx";
import { NoMethods } from "./no_methods.tsx";

/** The account asks for a second proof; this page says plainly that it has no form for one. */
export function SecondFactorStep(): ReactNode {
  const { texts } = useTexts();
  return <NoMethods message={texts.signIn.secondStep.message} />;
}
