import type {
  Clerk,
  ClientResource,
  EnvironmentResource,
  SignedInSessionResource,
  UserResource,
} from "@tandem/clerk-js";
import { useClerkContext } from "../clerk_context.ts";

/** The client and what it knows at this render; undefined parts are not known yet. */
export interface ClerkState {
  readonly clerk: Clerk;
  readonly environment: EnvironmentResource | undefined;
  readonly client: ClientResource | undefined;
  readonly session: SignedInSessionResource | null | undefined;
  readonly user: UserResource | null | undefined;
}

/** The state that components are drawn from; they are drawn again when it changes. */
export function useClerkState(): ClerkState {
  const { clerk, resources } = useClerkContext("A component");
  return {
    clerk,
    environment: clerk.environment,
    client: resources?.client,
    session: resources?.session,
    user: resources?.user,
  };
}
