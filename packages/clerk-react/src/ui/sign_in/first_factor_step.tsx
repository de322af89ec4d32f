import { type ReactNode, useState } from "react";
import { useClerkState } from "../clerk_state.ts";
import { codeIsUnderWay } from "../form/code_form.tsx";
import { keyOf, type OfferedFactor, offeredFactors } from "./factors/index.ts";
import { useSignInFlow } from "./flow.ts";
import { MethodsList } from "./methods_list.tsx";
import { NoMethods } from "./no_methods.tsx";

/** What the step shows: one way to sign in, or the list of all. */
type Showing = { readonly at: "factor"; readonly key: string } | { readonly at: "methods" };

/** The second step: prove it, in one of the ways that the account has. */
export function FirstFactorStep(): ReactNode {
  const { environment } = useClerkState();
  const { signIn } = useSignInFlow();
  const offered = offeredFactors(
    signIn.supportedFirstFactors,
    environment?.displayConfig.preferredSignInStrategy ?? "password",
    signIn.identifier,
  );
  const direct = offered.filter(({ kind }) => !kind.recovery);
  // After a reload: the way whose code is in somebody's mailbox.
  const underWay = offered.find(({ factor }) =>
    codeIsUnderWay(signIn.firstFactorVerification, factor.strategy),
  );
  // The server does not say to which of several addresses it was.
  const [sentTo, setSentTo] = useState(underWay && keyOf(underWay));
  const [showing, setShowing] = useState<Showing>(() => {
    const first = underWay ?? direct[0];
    return first === undefined ? { at: "methods" } : { at: "factor", key: keyOf(first) };
  });
  const show = (chosen: OfferedFactor | undefined): void =>
    setShowing(chosen === undefined ? { at: "methods" } : { at: "factor", key: keyOf(chosen) });

  if (offered.length === 0) {
    return <NoMethods />;
  }
  const shown = showing.at === "factor" ? offered.find((one) => keyOf(one) === showing.key) : undefined;
  if (shown === undefined) {
    return <MethodsList offered={offered} onChoose={show} back={direct[0] && (() => show(direct[0]))} />;
  }
  const recovery = offered.find(({ kind }) => kind.recovery);
  return (
    <shown.kind.View
      key={keyOf(shown)}
      factor={shown.factor}
      codeUnderWay={
        sentTo === keyOf(shown) && codeIsUnderWay(signIn.firstFactorVerification, shown.factor.strategy)
      }
      onCodeSent={() => setSentTo(keyOf(shown))}
      showMethods={direct.length > 1 ? () => setShowing({ at: "methods" }) : undefined}
      recover={recovery && (() => show(recovery))}
      back={() => show(direct[0])}
    />
  );
}
