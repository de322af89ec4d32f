import { type ReactNode, useEffect, useState } from "react";
import { useClerkState } from "../clerk_state.ts";
import { FormAlert } from "../form/form_box.tsx";
import { useForm } from "../form/use_form.ts";
import { useElements, useTexts } from "../look/look_context.tsx";
import { Button } from "../primitives/button.tsx";
import { CardFrame, CardHeader } from "../primitives/card.tsx";
import { PlusIcon, SignOutIcon } from "../primitives/icons.tsx";
import { UserPreview } from "../primitives/user_preview.tsx";
import { useSteps } from "../steps/steps.ts";
import { displayName } from "../user_name.ts";
import { useSignInFlow } from "./flow.ts";

/** Which of the accounts that are signed in on this client it shall be (F §9.8). With none, the sign-in starts. */
export function ChooseStep(): ReactNode {
  const { clerk, client } = useClerkState();
  const { texts, fill } = useTexts();
  const el = useElements();
  const { go } = useSteps();
  const { activate } = useSignInFlow();
  const form = useForm([]);
  const [running, setRunning] = useState<string>();
  const sessions = client?.signedInSessions ?? [];
  const nobody = sessions.length === 0;
  useEffect(() => {
    if (nobody) {
      go("", { replace: true });
    }
  }, [nobody, go]);
  const run = (key: string, action: () => Promise<void>) => () => {
    setRunning(key);
    void form.submit(action);
  };
  const words = texts.signIn.accountSwitcher;
  return (
    <CardFrame>
      <CardHeader title={words.title} subtitle={fill(words.subtitle)} showLogo />
      <div className={el("main")}>
        <FormAlert form={form} />
        <div className={el("alternativeMethods")}>
          {sessions.map(({ id, user }) =>
            user === null ? null : (
              <Button
                key={id}
                descriptor="accountSwitcherActionButton"
                variant="block"
                aria-label={fill(texts.userButton.switchTo, { identifier: displayName(user) })}
                busy={form.busy && running === id}
                onClick={run(id, () => activate(id))}
              >
                <UserPreview user={user} size={2} />
              </Button>
            ),
          )}
          <Button
            descriptor="accountSwitcherActionButton"
            id="addAccount"
            variant="block"
            onClick={() => go("")}
          >
            <PlusIcon />
            {words.action__addAccount}
          </Button>
          <Button
            descriptor="accountSwitcherActionButton"
            id="signOutAll"
            variant="block"
            busy={form.busy && running === "signOutAll"}
            onClick={run("signOutAll", () => clerk.signOut())}
          >
            <SignOutIcon />
            {words.action__signOutAll}
          </Button>
        </div>
      </div>
    </CardFrame>
  );
}
