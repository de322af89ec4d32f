import type { TokenFacts } from "@tandem/backend";
import { plantChanges } from "@tandem/engine/simulation";
import { type EndedSession, Events } from "@tandem/identity";
import { describe, expect, test } from "vitest";
import * as join from "../join.ts";

type Join = typeof join;

const ENTRY = new URL("../join.ts", import.meta.url);
const OURS = "https://clerk.example.com";

interface Threat {
  readonly name: string;
  readonly find: string;
  readonly replace: string;
  /** True: the attacker got what they wanted. */
  attempt(module: Join): Promise<boolean>;
}

/** A token of the session `sess_A1`, or another one. */
function token(changes: Partial<TokenFacts> = {}): TokenFacts {
  return { issuer: OURS, subject: "user_1", id: "A1.random", ...changes };
}

/** Is this token refused at the socket, with these sessions over? */
function isRefused({ sessionGate }: Join, facts: TokenFacts, over: readonly string[]): Promise<boolean> {
  const identity = { isOver: async (sessionId: string) => over.includes(sessionId), events: new Events() };
  return sessionGate([OURS], identity, { now: () => 0 })(facts);
}

/** Which of these tokens' sockets are signed out when a session ends? */
function signedOut({ endCallersWithSessions }: Join, ended: EndedSession, tokens: readonly TokenFacts[]) {
  const events = new Events();
  const out: TokenFacts[] = [];
  endCallersWithSessions({ events }, { endCallers: (match) => out.push(...tokens.filter(match)) });
  events.sessionsEnded([ended]);
  return out;
}

const ENDED: EndedSession = { sessionId: "sess_A1", userId: "user_1", issuer: OURS };

const THREATS: readonly Threat[] = [
  {
    name: "opens a socket with a token of a session that has ended",
    find: "return isOver;",
    replace: "return false;",
    attempt: async (module) => !(await isRefused(module, token(), ["sess_A1"])),
  },
  {
    name: "opens another socket right after the session has ended, for it was alive a moment ago",
    find: "for (const { sessionId } of ended) alive.delete(sessionId);",
    replace: "",
    async attempt({ sessionGate }) {
      const events = new Events();
      const over = new Set<string>();
      const isOver = async (sessionId: string) => over.has(sessionId);
      const gate = sessionGate([OURS], { isOver, events }, { now: () => 0 });
      await gate(token());
      over.add(ENDED.sessionId);
      events.sessionsEnded([ENDED]);
      return !(await gate(token()));
    },
  },
  {
    name: "hides which session a token is of behind a longer name",
    find: "/^([0-9A-Za-z]+)\\./",
    replace: "/^([0-9A-Za-z]{1,4})/",
    attempt: async (module) =>
      !(await isRefused(module, token({ id: "Longer7890.random" }), ["sess_Longer7890"])),
  },
  {
    name: "keeps a socket open after its session has ended",
    find: "backend.endCallers((token) => {",
    replace: "void ((token: any) => {",
    attempt: async (module) => signedOut(module, ENDED, [token()]).length === 0,
  },
  {
    name: "signs others out by ending a session of their own",
    find: "ids.has(sessionId) &&",
    replace: "",
    attempt: async (module) => signedOut(module, ENDED, [token({ id: "B2.random" })]).length > 0,
  },
  {
    name: "ends a session at an issuer of theirs to sign people out of this one",
    find: " && issuers.has(token.issuer)",
    replace: "",
    attempt: async (module) =>
      signedOut(module, { ...ENDED, issuer: "https://evil.example" }, [token()]).length > 0,
  },
  {
    name: "answers for the issuer on the network, with keys of their own",
    find: "return origins.includes(url.origin)",
    replace: "return false",
    async attempt({ issuerFetch }) {
      const network = async () => new Response("of the attacker");
      const identity = { fetch: async () => new Response("of the issuer") };
      const fetch = issuerFetch(network, [OURS], identity);
      return (await (await fetch(`${OURS}/.well-known/jwks.json`)).text()) === "of the attacker";
    },
  },
];

/** Unguarded, the very same attempt succeeds. */
describe("the two halves are joined so that an ended session is ended everywhere:", () => {
  for (const { name, find, replace, attempt } of THREATS) {
    test(`an attacker ${name}`, async () => {
      expect(await attempt(join), "the attempt succeeded").toBe(false);
      const unguarded = await plantChanges<Join>(name, [{ file: ENTRY, find, replace }], ENTRY, {
        otherPackages: "imported",
      });
      expect(await attempt(unguarded), "the attempt failed without its guard too").toBe(true);
    });
  }
});
