import { formRequest, isSignedInAt, PRODUCTION, type Target } from "../target.ts";
import { guard, type Threat } from "../threat.ts";
import { changeVictim, mintsToken, signIn } from "./people.ts";

const HOUR = 60 * 60_000;
const DAY = 24 * HOUR;

function statusOf({ parts }: Target, sessionId: string): Promise<string | undefined> {
  return parts.store
    .read()
    .get("sessions", sessionId)
    .then((session) => session?.status);
}

/** `now` in the server's time, some days on; the sessions of the world are used to stay alive. */
async function useFor(target: Target, days: number): Promise<void> {
  const { victim } = target;
  const browser = target.browserOf(victim);
  for (let day = 0; day < days; day++) {
    target.clock.advance(DAY);
    await browser.post(`/v1/client/sessions/${victim.sessionId}/touch`);
  }
}

export const SESSIONS: readonly Threat[] = [
  {
    name: "asks for a token of a session whose id they have seen, with a browser of their own",
    guards: [guard("sessions/caller_session.ts", "session.clientId !== client.id || ", "")],
    attempt: (target) => mintsToken(target.browserOf(target.mallory), target.victim.sessionId),
  },
  {
    name: "names somebody else's session in the address, to read their account",
    guards: [guard("sessions/caller_session.ts", "session.clientId !== client.id || ", "")],
    async attempt({ victim, mallory, browserOf }) {
      const browser = browserOf({ ...mallory, sessionId: victim.sessionId });
      return (await browser.get("/v1/me")).body?.response?.id === victim.userId;
    },
  },
  {
    name: "reads by its id where, and on which device, somebody is signed in",
    guards: [
      guard(
        "sessions/routes.ts",
        "if (session === null || session.clientId !== client.id) throw",
        "if (session === null) throw",
      ),
    ],
    async attempt(target) {
      const { mallory, victim } = target;
      const { status } = await target.browserOf(mallory).get(`/v1/client/sessions/${victim.sessionId}`);
      return status === 200;
    },
  },
  {
    name: "signs somebody else out by the id of their session",
    guards: [
      guard(
        "sessions/routes.ts",
        "if (session === null || session.clientId !== client.id) throw",
        "if (session === null) throw",
      ),
    ],
    async attempt(target) {
      const { mallory, victim } = target;
      await target.browserOf(mallory).post(`/v1/client/sessions/${victim.sessionId}/end`);
      return (await statusOf(target, victim.sessionId)) !== "active";
    },
  },
  {
    name: "asks without any cookie for a token",
    guards: [
      guard("sessions/caller_session.ts", "client === null ? null : await reader.get", "await reader.get"),
      guard(
        "sessions/caller_session.ts",
        "if (client === null || session === null || session.clientId !== client.id || ",
        "if (session === null || ",
      ),
    ],
    attempt: (target) => mintsToken(target.stranger(), target.victim.sessionId),
  },
  {
    name: "keeps a copy of the cookie and goes on after its owner has signed out",
    guards: [guard("sessions/caller_session.ts", " || !isLive(session, call.now)", "")],
    async attempt(target) {
      const { victim } = target;
      const owner = target.browserOf(victim);
      const thief = owner.copy();
      await owner.post(`/v1/client/sessions/${victim.sessionId}/end`);
      return mintsToken(thief, victim.sessionId);
    },
  },
  {
    name: "goes on after the owner has signed out of everything at that browser",
    guards: [
      guard(
        "clients/routes.ts",
        "for (const session of open) await endSessions(parts, tx, [session], byOwner(session, ipAddress));",
        "",
      ),
    ],
    async attempt(target) {
      const { victim } = target;
      const owner = target.browserOf(victim);
      const thief = owner.copy();
      await owner.delete("/v1/client/sessions");
      return mintsToken(thief, victim.sessionId);
    },
  },
  {
    name: "keeps a session alive for ever by using it",
    guards: [guard("sessions/liveness.ts", "session.expireAt > now &&", "")],
    async attempt(target) {
      await useFor(target, 8);
      return mintsToken(target.browserOf(target.victim), target.victim.sessionId);
    },
  },
  {
    name: "sits down at a browser that nobody has used for a long time",
    guards: [guard("sessions/liveness.ts", "session.abandonAt > now", "true")],
    options: { limits: { sessionInactivity: HOUR } },
    async attempt(target) {
      const browser = target.stranger();
      const { body } = await signIn(browser, target.victim.emailAddress, target.victim.password);
      target.clock.advance(2 * HOUR);
      return mintsToken(browser, body.response.created_session_id);
    },
  },
  {
    name: "is banned, and has tokens of the session that was open",
    guards: [guard("sessions/caller_session.ts", 'if (user.banned) throw refuse("user_banned");', "")],
    async attempt(target) {
      await changeVictim(target, { banned: true });
      return mintsToken(target.browserOf(target.victim), target.victim.sessionId);
    },
  },
  {
    name: "is banned, and reads tokens of the open session in the client's description",
    guards: [
      guard(
        "clients/client_json.ts",
        "if (user === null || user.banned) continue;",
        "if (user === null) continue;",
      ),
    ],
    async attempt(target) {
      await changeVictim(target, { banned: true });
      return isSignedInAt(target.browserOf(target.victim));
    },
  },
  {
    name: "is banned, and has the app's server told by a handshake that they are signed in",
    guards: [guard("handshake/browser_state.ts", " || user.banned", "")],
    async attempt(target) {
      await changeVictim(target, { banned: true });
      const { headers } = await target
        .browserOf(target.victim)
        .get("/v1/client/handshake", { redirect_url: `${target.page}/` });
      const token = new URL(headers.get("location")!).searchParams.get("__clerk_handshake")!;
      const claims = JSON.parse(Buffer.from(token.split(".")[1]!, "base64url").toString());
      return (claims.handshake as string[]).some((line) => /^__session=ey/.test(line));
    },
  },
  {
    name: "revokes other people's sessions as if they were their own",
    guards: [guard("me/session_routes.ts", "session.userId !== user.id", "false")],
    async attempt(target) {
      const { mallory, victim } = target;
      await target.browserOf(mallory).post(`/v1/me/sessions/${victim.sessionId}/revoke`);
      return (await statusOf(target, victim.sessionId)) !== "active";
    },
  },
  {
    name: "hopes that a ban by the operator leaves open sessions alone",
    guards: [
      guard(
        "backend_api/account_routes.ts",
        "change: () => ({ banned: true }), endsSessions: () => true }",
        "change: () => ({ banned: true }), endsSessions: () => false }",
      ),
    ],
    async attempt(target) {
      const { victim } = target;
      await target.backend("POST", `/v1/users/${victim.userId}/ban`);
      return (await statusOf(target, victim.sessionId)) === "active";
    },
  },
  {
    name: "hopes that sessions outlive the account that is deleted",
    guards: [
      guard(
        "users/delete_user.ts",
        'await endSessions(parts, tx, await openSessionsOf(tx, user.id), { status: "removed", ...by });',
        "",
      ),
    ],
    async attempt(target) {
      const { victim } = target;
      await target.browserOf(victim).delete(`/v1/me?_clerk_session_id=${victim.sessionId}`);
      await target.backend("DELETE", `/v1/users/${victim.userId}`);
      return (await statusOf(target, victim.sessionId)) === "active";
    },
  },
  {
    name: "has an ended session go unnoticed by the sockets that it opened",
    guards: [
      guard(
        "sessions/end_sessions.ts",
        "tx.afterCommit(() => parts.events.sessionsEnded([{ sessionId: session.id, userId, issuer }]));",
        "",
      ),
    ],
    async attempt(target) {
      const { victim, identity } = target;
      const told: string[] = [];
      identity.events.onSessionsEnded((ended) => told.push(...ended.map(({ sessionId }) => sessionId)));
      await target.browserOf(victim).post(`/v1/client/sessions/${victim.sessionId}/end`);
      return !told.includes(victim.sessionId);
    },
  },
  {
    name: "shows the backend a token that was given before the session ended",
    guards: [
      guard(
        "identity.ts",
        "return session === null || !isLive(session, seams.clock.now());",
        "return session === null;",
      ),
    ],
    async attempt(target) {
      const { victim, identity } = target;
      await target.browserOf(victim).post(`/v1/client/sessions/${victim.sessionId}/end`);
      return !(await identity.isOver(victim.sessionId));
    },
  },
  {
    name: "fetches an app server's handshake of somebody else's a second time",
    guards: [guard("handshake/routes.ts", 'await tx.remove("handshakes", found);', "")],
    async attempt(target) {
      const path = await handshakeOf(target);
      await target.backend("GET", path);
      return (await target.backend("GET", path)).status === 200;
    },
  },
  {
    name: "finds the nonce of a handshake in a log, a while later",
    guards: [guard("handshake/routes.ts", "|| row.expireAt <= now", "")],
    async attempt(target) {
      const path = await handshakeOf(target);
      target.clock.advance(HOUR);
      return (await target.backend("GET", path)).status === 200;
    },
  },
  {
    name: "reads handshakes in a copy of the database",
    guards: [
      guard(
        "handshake/routes.ts",
        "seal.seal(JSON.stringify(directives), context(id))",
        "JSON.stringify(directives)",
      ),
    ],
    async attempt(target) {
      await handshakeOf(target);
      const rows = await target.parts.store.read().list("handshakes", "by_nonce", []);
      return JSON.stringify(rows).includes("__session=ey");
    },
  },
  {
    name: "leaves the address of a hosted page, ticket and all, to the next site",
    guards: [guard("handshake/routes.ts", '["referrer-policy", "no-referrer"],', "")],
    async attempt(target) {
      const { headers } = await target
        .browserOf(target.victim)
        .get("/v1/client/handshake", { redirect_url: `${target.page}/` });
      return headers.get("referrer-policy") !== "no-referrer";
    },
  },
  {
    name: "uses a session of the development instance at the Backend API of production",
    guards: [guard("backend_api/session_routes.ts", " || session.instanceId !== instance.id", "")],
    options: { productionOrigin: PRODUCTION },
    async attempt(target) {
      const { victim } = target.people.development;
      return (await target.backend("GET", `/v1/sessions/${victim.sessionId}`)).status === 200;
    },
  },
  {
    name: "signs somebody out by a form on another site",
    guards: [
      guard("http/app.ts", "if (!isAllowedOrigin(instance, origin)) {\n    throw", "if (false) {\n    throw"),
    ],
    async attempt(target) {
      const { victim } = target;
      await target.send(
        formRequest(
          `/v1/client/sessions/${victim.sessionId}/end`,
          {},
          {
            cookie: `${target.cookieName}=${victim.cookie}`,
            origin: "https://evil.example",
          },
        ),
      );
      return (await statusOf(target, victim.sessionId)) !== "active";
    },
  },
];

/** Where an app's server fetches who is signed in, once the victim's browser has been here. */
async function handshakeOf(target: Target): Promise<string> {
  const { headers } = await target
    .browserOf(target.victim)
    .get("/v1/client/handshake", { redirect_url: `${target.page}/`, format: "nonce" });
  const nonce = new URL(headers.get("location")!).searchParams.get("__clerk_handshake_nonce");
  return `/v1/clients/handshake_payload?nonce=${nonce}`;
}
