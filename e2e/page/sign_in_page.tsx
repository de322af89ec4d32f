import { ClerkProvider, useAuth, useClerk, useUser } from "clerk-under-test";
import {
  Authenticated,
  AuthLoading,
  ConvexReactClient,
  Unauthenticated,
  useConvexAuth,
  useMutation,
  useQuery,
} from "convex/react";
import { ConvexProviderWithClerk } from "convex/react-clerk";
import { useEffect } from "react";
import { createRoot } from "react-dom/client";
import { api } from "../../examples/react-vite/convex/_generated/api.js";

const parameters = new URLSearchParams(location.search);
const client = new ConvexReactClient(parameters.get("deployment")!, { authRefreshTokenLeewaySeconds: 2 });

/** What tests look at: Clerk's instance, and every state of the authentication so far. */
interface Probed {
  clerk: unknown;
  states: string[];
}
const probed = globalThis as unknown as Probed;
probed.states = [];

function Probe() {
  const clerk = useClerk();
  const { isLoading, isAuthenticated } = useConvexAuth();
  const state = isLoading ? "loading" : isAuthenticated ? "authenticated" : "unauthenticated";
  useEffect(() => {
    probed.clerk = clerk;
  }, [clerk]);
  useEffect(() => {
    if (probed.states.at(-1) !== state) probed.states.push(state);
  }, [state]);
  return <p id="state">{state}</p>;
}

function Content() {
  const messages = useQuery(api.messages.getForCurrentUser);
  const send = useMutation(api.messages.send);
  const { user } = useUser();
  return (
    <>
      <p id="user">{user?.primaryEmailAddress?.emailAddress}</p>
      <div id="content">Authenticated content: {messages?.length}</div>
      <p id="bodies">{messages?.map(({ body }) => body).join(", ")}</p>
      <button id="send" type="button" onClick={() => void send({ body: `message ${messages?.length}` })}>
        Send
      </button>
    </>
  );
}

createRoot(document.getElementById("root")!).render(
  <ClerkProvider {...JSON.parse(parameters.get("clerk")!)}>
    <ConvexProviderWithClerk client={client} useAuth={useAuth}>
      <Probe />
      <Authenticated>
        <Content />
      </Authenticated>
      <Unauthenticated>
        <p id="out">signed out</p>
      </Unauthenticated>
      <AuthLoading>
        <p>Still loading</p>
      </AuthLoading>
    </ConvexProviderWithClerk>
  </ClerkProvider>,
);
