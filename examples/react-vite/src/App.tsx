import { SignInButton, UserButton } from "@clerk/clerk-react";
import { Authenticated, Unauthenticated, AuthLoading, useQuery } from "convex/react";
import { api } from "../convex/_generated/api";
// Differs from the guide: the frame around the page and the list of messages with its form.
import { Frame } from "./Frame";
import { Messages } from "./Messages";

function App() {
  return (
    <main>
      <Frame>
        <Unauthenticated>
          <SignInButton />
        </Unauthenticated>
        <Authenticated>
          <UserButton />
          <Content />
        </Authenticated>
        <AuthLoading>
          <p>Still loading</p>
        </AuthLoading>
      </Frame>
    </main>
  );
}

function Content() {
  const messages = useQuery(api.messages.getForCurrentUser);
  // Differs from the guide: below its line stand the messages themselves.
  return (
    <>
      <div>Authenticated content: {messages?.length}</div>
      <Messages messages={messages} />
    </>
  );
}

export default App;
