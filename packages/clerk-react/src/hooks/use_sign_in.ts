import type { SetActive, SignInErrors, SignInResource } from "@tandem/clerk-js";
import { useClerkContext } from "../clerk_context.ts";

type Progress = { errors: SignInErrors; fetchStatus: "idle" | "fetching" };

export type UseSignInReturn = Progress &
  (
    | { isLoaded: false; signIn: undefined; setActive: undefined }
    | { isLoaded: true; signIn: SignInResource; setActive: SetActive }
  );

const NO_ERRORS: SignInErrors = {
  fields: { identifier: null, password: null, code: null },
  raw: null,
  global: null,
};

/** The sign-in that is under way, with what its last call came to (F §7.4). */
export function useSignIn(): UseSignInReturn {
  const { clerk, resources } = useClerkContext("useSignIn()");
  const signIn = resources?.client.signIn;
  return signIn === undefined
    ? { isLoaded: false, signIn, setActive: undefined, errors: NO_ERRORS, fetchStatus: "idle" }
    : {
        isLoaded: true,
        signIn,
        setActive: clerk.setActive,
        errors: signIn.errors,
        fetchStatus: signIn.fetchStatus,
      };
}
