/** The load of `signin`: browsers that sign in by password, or that fetch session tokens; against us or the peer. */
import { latencies } from "../harness/benchmark.ts";
import { keptConnection } from "../harness/requests.ts";
import { emailAddresses, PASSWORD } from "./hash.ts";

export interface SigninTask {
  readonly kind: "signIn" | "mint" | "peer";
  readonly url: string;
  readonly users: number;
  /** Requests in flight. */
  readonly clients: number;
  readonly warmUpSeconds: number;
  readonly seconds: number;
}

/** Somebody signed in at a browser. */
interface Browser {
  readonly cookies: string;
  readonly sessionId: string;
  /** The session's first token: pages need not ask for one after signing in (F §5.2). */
  readonly token: string;
}

/** Of a sign-in's answer (F §2.1). */
interface SignedIn {
  readonly response: { readonly status: string; readonly created_session_id: string };
  readonly client: {
    readonly sessions: readonly {
      readonly id: string;
      readonly last_active_token: { readonly jwt: string };
    }[];
  };
}

type Ask = () => Promise<unknown>;

const task = JSON.parse(process.argv[2]!) as SigninTask;
const addresses = emailAddresses(task.users);
const FORM = { "content-type": "application/x-www-form-urlencoded", origin: "http://localhost:5173" };

/** A new browser signs in: no cookie comes with the request (F §4.3). */
async function signIn(post: ReturnType<typeof keptConnection>, identifier: string): Promise<Browser> {
  const { json, cookies } = await post({
    url: `${task.url}/v1/client/sign_ins`,
    headers: FORM,
    body: new URLSearchParams({ strategy: "password", identifier, password: PASSWORD }).toString(),
  });
  const { response, client } = json as SignedIn;
  if (response.status !== "complete") {
    throw new Error(`A sign-in ended as ${response.status}.`);
  }
  const session = client.sessions.find(({ id }) => id === response.created_session_id);
  if (session === undefined) {
    throw new Error("A sign-in's session is not in its client.");
  }
  return { cookies, sessionId: session.id, token: session.last_active_token.jwt };
}

/** A token of the browser's session (F §4.2). */
async function mint(post: ReturnType<typeof keptConnection>, { cookies, sessionId }: Browser): Promise<void> {
  const { json } = await post({
    url: `${task.url}/v1/client/sessions/${sessionId}/tokens`,
    headers: { ...FORM, cookie: cookies },
    body: "organization_id=",
  });
  if (typeof (json as { jwt: unknown }).jwt !== "string") {
    throw new Error("There is no token in the answer.");
  }
}

async function clientOf(index: number): Promise<Ask> {
  const post = keptConnection();
  let next = index;
  const address = () => {
    next += task.clients;
    return addresses[next % addresses.length]!;
  };
  switch (task.kind) {
    case "signIn":
      return () => signIn(post, address());
    case "mint": {
      const browser = await signIn(post, address());
      return () => mint(post, browser);
    }
    case "peer":
      return () =>
        post({
          url: `${task.url}/api/auth/sign-in/email`,
          headers: { "content-type": "application/json", origin: task.url },
          body: JSON.stringify({ email: address(), password: PASSWORD }),
        });
  }
}

const asks = await Promise.all(Array.from({ length: task.clients }, (_, i) => clientOf(i)));
const measureFrom = performance.now() + task.warmUpSeconds * 1000;
const end = measureFrom + task.seconds * 1000;
const samples: number[] = [];
await Promise.all(
  asks.map(async (ask) => {
    for (let now = performance.now(); now < end; ) {
      const sent = now;
      await ask();
      now = performance.now();
      if (sent >= measureFrom && now <= end) {
        samples.push(now - sent);
      }
    }
  }),
);
console.log(JSON.stringify(latencies(samples, task.seconds)));
process.exit(0);
