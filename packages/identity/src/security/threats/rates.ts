import type { RawReply } from "../raw_request.ts";
import { formRequest, type Target } from "../target.ts";
import { guard, type Threat } from "../threat.ts";
import { beginSignIn, beginSignUp, WRONG_PASSWORD } from "./people.ts";

const FEW = { limits: { createsPerWindow: 4, attemptsPerWindow: 4, backendRequestsPerWindow: 4 } };

/** Milliseconds of a window in which requests are counted. */
const WINDOW = 10_000;

/** Is the request let through far more often than may be in so short a time? */
async function isUnlimited(
  request: (turn: number) => Promise<{ readonly status: number }>,
): Promise<boolean> {
  const statuses: number[] = [];
  for (let turn = 0; turn < 6; turn++) statuses.push((await request(turn)).status);
  return !statuses.includes(429);
}

function begin(
  target: Target,
  headers: Readonly<Record<string, string>> = {},
  query = "",
): Promise<RawReply> {
  const fields = { identifier: "anybody@example.com" };
  return target.send(formRequest(`/v1/client/sign_ins${query}`, fields, { origin: target.page, ...headers }));
}

export const RATES: readonly Threat[] = [
  {
    name: "begins sign-ins by the thousand",
    guards: [guard("sign_ins/create_sign_in.ts", 'await takeByAddress(parts, "create", call);', "")],
    options: FEW,
    attempt: (target) => isUnlimited(() => begin(target)),
  },
  {
    name: "begins sign-ups by the thousand",
    guards: [guard("sign_ups/create_sign_up.ts", 'await takeByAddress(parts, "create", call);', "")],
    options: FEW,
    attempt: (target) =>
      isUnlimited((turn) =>
        target.stranger().post("/v1/client/sign_ups", { email_address: `nobody${turn}@example.com` }),
      ),
  },
  {
    name: "has the server sign and keep handshakes by the thousand",
    guards: [guard("handshake/routes.ts", 'await takeByAddress(parts, "handshake", call);', "")],
    options: { limits: { handshakesPerWindow: 4 } },
    attempt: (target) =>
      isUnlimited(() =>
        target.send({
          method: "GET",
          path: `/v1/client/handshake?format=nonce&redirect_url=${encodeURIComponent(`${target.page}/`)}`,
        }),
      ),
  },
  {
    name: "tries one password at ever other accounts, none of which locks",
    guards: [guard("sign_ins/create_sign_in.ts", 'await takeByAddress(parts, "attempt", call);', "")],
    options: { limits: { attemptsPerWindow: 4 } },
    attempt: (target) =>
      isUnlimited((turn) =>
        target.stranger().post("/v1/client/sign_ins", {
          identifier: `somebody${turn}@example.com`,
          password: WRONG_PASSWORD,
        }),
      ),
  },
  {
    name: "tries codes at sign-ins as fast as the network carries them",
    guards: [guard("sign_ins/attempt_first_factor.ts", 'await takeByAddress(parts, "attempt", call);', "")],
    options: { limits: { attemptsPerWindow: 4 } },
    async attempt(target) {
      const browser = target.stranger();
      const path = await beginSignIn(browser, target.victim.emailAddress);
      return isUnlimited(() =>
        browser.post(`${path}/attempt_first_factor`, { strategy: "email_code", code: "1" }),
      );
    },
  },
  {
    name: "tries codes at sign-ups as fast as the network carries them",
    guards: [guard("sign_ups/attempt_verification.ts", 'await takeByAddress(parts, "attempt", call);', "")],
    options: { limits: { attemptsPerWindow: 4 } },
    async attempt(target) {
      const browser = target.stranger();
      const path = await beginSignUp(browser, { email_address: "new@example.com" });
      return isUnlimited(() =>
        browser.post(`${path}/attempt_verification`, { strategy: "email_code", code: "1" }),
      );
    },
  },
  {
    name: "has passwords hashed by changing the one of a sign-up again and again",
    guards: [guard("sign_ups/update_sign_up.ts", 'await takeByAddress(parts, "create", call);', "")],
    options: FEW,
    async attempt(target) {
      const browser = target.stranger();
      const path = await beginSignUp(browser, { email_address: "new@example.com" });
      return isUnlimited((turn) => browser.patch(path, { password: `a password as good as any ${turn}` }));
    },
  },
  {
    name: "forges X-Forwarded-For to be counted as somebody else each time",
    guards: [
      guard(
        "http/app.ts",
        "ipAddress: connection.ipAddress,",
        'ipAddress: request.headers.get("x-forwarded-for") ?? connection.ipAddress,',
      ),
    ],
    options: FEW,
    attempt: (target) => isUnlimited((turn) => begin(target, { "x-forwarded-for": `203.0.113.${turn}` })),
  },
  {
    name: "takes cookies away between requests, to be counted as somebody else each time",
    guards: [
      guard(
        "sign_ins/create_sign_in.ts",
        'await takeByAddress(parts, "create", call);',
        'await takeByAddress(parts, "create", { ...call, ipAddress: call.request.headers.get("cookie") ?? String(Math.random()) });',
      ),
    ],
    options: FEW,
    attempt: (target) => isUnlimited(() => begin(target)),
  },
  {
    name: "has a whole network of addresses, and uses another one for each request",
    guards: [guard("rate_limits/by_address.ts", "networkOf(ipAddress)", "ipAddress")],
    options: FEW,
    attempt: (target) =>
      isUnlimited((turn) => {
        const request = new Request(`${target.url}/v1/client/sign_ins`, {
          method: "POST",
          headers: { origin: target.page },
          body: new URLSearchParams({ identifier: "anybody@example.com" }),
        });
        return target.identity.fetch(request, { ipAddress: `2001:db8:1:2::${turn}` });
      }),
  },
  {
    name: "makes up a testing token, with which nobody is counted",
    guards: [guard("rate_limits/by_address.ts", "if (known !== null && ", "if (known === null || ")],
    options: FEW,
    attempt: (target) => isUnlimited(() => begin(target, {}, "?__clerk_testing_token=made-up")),
  },
  {
    name: "finds a testing token in an old log of somebody's tests",
    guards: [guard("rate_limits/by_address.ts", " && known.expireAt > now", "")],
    options: FEW,
    async attempt(target) {
      const { body } = await target.backend("POST", "/v1/testing_tokens");
      target.clock.advance(2 * 60 * 60_000);
      return isUnlimited(() => begin(target, {}, `?__clerk_testing_token=${body.token}`));
    },
  },
  {
    name: "sends one burst just before a window ends and another just after",
    guards: [guard("rate_limits/rates.ts", "Math.ceil(window.before * weight)", "0")],
    options: { limits: { createsPerWindow: 6 } },
    async attempt(target) {
      const { clock } = target;
      // So that the first burst ends well within its window, however slow this machine is.
      clock.advance(WINDOW - (clock.now() % WINDOW) + WINDOW / 2);
      const statuses: number[] = [];
      for (let request = 0; request < 5; request++) statuses.push((await begin(target)).status);
      clock.advance(WINDOW - (clock.now() % WINDOW));
      for (let request = 0; request < 5; request++) statuses.push((await begin(target)).status);
      return statuses.every((status) => status === 200);
    },
  },
  {
    name: "runs a rate limit into the ground, to have others' sessions refused by it",
    guards: [
      guard(
        "http/app.ts",
        "answer = await found.route.handle(call);",
        'if (audience === "frontend") this.#parts.rates.take("create", "");\n      answer = await found.route.handle(call);',
      ),
      guard("http/app.ts", "readonly seams: Seams;", "readonly seams: Seams;\n  readonly rates: any;"),
      guard(
        "identity.ts",
        "    stateFor: (call) => stateFor(parts, call),",
        "    stateFor: (call) => stateFor(parts, call),\n    rates,",
      ),
    ],
    options: FEW,
    async attempt(target) {
      for (let request = 0; request < 6; request++) await begin(target);
      const { victim } = target;
      const { status } = await target
        .browserOf(victim)
        .post(`/v1/client/sessions/${victim.sessionId}/tokens`);
      return status !== 200;
    },
  },
  {
    name: "floods the Backend API with a key that leaked",
    guards: [guard("identity.ts", 'rates.take("backend", id);', ";")],
    options: FEW,
    attempt: (target) => isUnlimited(() => target.backend("GET", "/v1/instance")),
  },
];
