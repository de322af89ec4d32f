import { digestOf } from "../digest.ts";
import { refuse } from "../errors/index.ts";
import { type Answer, type Call, type Route, redirect, setCookie } from "../http/index.ts";
import { isAllowedRedirect } from "../instances/index.ts";
import { signJwt } from "../keys/signing_keys.ts";
import type { Parts } from "../parts.ts";
import { publicId, randomText } from "../public_id.ts";
import { takeByAddress } from "../rate_limits/index.ts";
import { browserState } from "./browser_state.ts";
import { directivesOf } from "./directives.ts";

/** Of session tokens: verifiers take a handshake of no other category (B §2.7). */
const CATEGORY = "cl_B7d4PD111AAA";

const NONCE_LENGTH = 43;

/** How an app's server learns who is signed in, by way of the browser (F §1.10, B §2.9). */
export function handshakeRoutes(parts: Parts): Route[] {
  return [
    {
      audience: "page",
      method: "GET",
      path: "/v1/client/handshake",
      handle: (call) => shakeHands(parts, call),
    },
    {
      audience: "backend",
      method: "GET",
      path: "/v1/clients/handshake_payload",
      async handle({ instance, query, now }) {
        const nonceDigest = digestOf(query.required("nonce"));
        const row = await parts.store.transact("fetch handshake", async (tx) => {
          const found = await tx.first("handshakes", "by_nonce", [nonceDigest]);
          if (found === null || found.instanceId !== instance.id) return null;
          await tx.remove("handshakes", found);
          return found;
        });
        if (row === null || row.expireAt <= now) {
          throw refuse(
            "resource_not_found",
            {},
            "There is no handshake of this nonce: it is good once, for a minute.",
          );
        }
        const directives = JSON.parse(parts.seal.open(row.sealedDirectives, context(row.id))) as string[];
        return { json: { directives } };
      },
    },
  ];
}

async function shakeHands(parts: Parts, call: Call): Promise<Answer> {
  await takeByAddress(parts, "handshake", call);
  const { instance, query } = call;
  const target = query.text("redirect_url");
  const format = query.text("format") ?? "token";
  if (target === undefined || (format !== "token" && format !== "nonce")) throw refuse("invalid_handshake");
  if (!isAllowedRedirect(instance, target)) throw refuse("invalid_redirect_url");
  const url = new URL(target);
  const secure = url.protocol === "https:";
  const state = directivesOf(instance, await browserState(parts, call, url.origin), secure);
  const name = format === "nonce" ? "__clerk_handshake_nonce" : "__clerk_handshake";
  const isByCookie = instance.environment === "production";
  const cookie = (value: string, maxAge: number) => {
    const domain = new URL(instance.issuer).hostname.replace(/^clerk\./, "");
    return setCookie(name, value, { maxAge, httpOnly: true, secure, domain });
  };
  // What has been heeded is over: read again, it would sign people out, or in again who have signed out meanwhile.
  const directives = isByCookie ? [...state, cookie("", 0)] : state;
  const value = await (format === "nonce" ? keep : tokenOf)(parts, call, directives);
  const headers: (readonly [string, string])[] = [
    ["cache-control", "no-store"],
    // What is in the address is meant for the app's server alone.
    ["referrer-policy", "no-referrer"],
  ];
  if (isByCookie)
    headers.push(["set-cookie", cookie(value, Math.floor(parts.limits.handshakeLifetime / 1000))]);
  else url.searchParams.set(name, value);
  const answer = redirect(url.href, 307);
  return { ...answer, headers: [...(answer.headers ?? []), ...headers] };
}

/** Keeps the directives until the app's server asks for them. Answers the nonce. */
async function keep(
  { store, seal, seams, limits }: Parts,
  call: Call,
  directives: string[],
): Promise<string> {
  const nonce = randomText(NONCE_LENGTH, seams.random);
  const id = publicId("hsk", seams.random);
  const sealedDirectives = seal.seal(JSON.stringify(directives), context(id));
  await store.transact("keep handshake", (tx) =>
    tx.insert("handshakes", {
      id,
      instanceId: call.instance.id,
      nonceDigest: digestOf(nonce),
      sealedDirectives,
      expireAt: call.now + limits.handshakeLifetime,
    }),
  );
  return nonce;
}

async function tokenOf({ keys }: Parts, { instance }: Call, directives: string[]): Promise<string> {
  return signJwt(await keys.current(instance.id), { handshake: directives }, CATEGORY);
}

function context(id: string): string {
  return `handshake ${id}`;
}
