import type { SetActive, SignUpErrors, SignUpResource } from "@tandem/clerk-js";
import { useClerkContext } from "../clerk_context.ts";

type Progress = { errors: SignUpErrors; fetchStatus: "idle" | "fetching" };

export type UseSignUpReturn = Progress &
  (
    | { isLoaded: false; signUp: undefined; setActive: undefined }
    | { isLoaded: true; signUp: SignUpResource; setActive: SetActive }
  );

const NO_ERRORS: SignUpErrors = {
  fields: {
    firstName: null,
    lastName: null,
    emailAddress: null,
    phoneNumber: null,
    password: null,
    username: null,
    code: null,
    captcha: null,
    legalAccepted: null,
  },
  raw: null,
  global: null,
};

/** The sign-up that is under way, with what its last call came to (F §7.4). */
export function useSignUp(): UseSignUpReturn {
  const { clerk, resources } = useClerkContext("useSignUp()");
  const signUp = resources?.client.signUp;
  return signUp === undefined
    ? { isLoaded: false, signUp, setActive: undefined, errors: NO_ERRORS, fetchStatus: "idle" }
    : {
        isLoaded: true,
        signUp,
        setActive: clerk.setActive,
        errors: signUp.errors,
        fetchStatus: signUp.fetchStatus,
      };
}
