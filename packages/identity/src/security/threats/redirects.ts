import { PRODUCTION, type Target } from "../target.ts";
import { guard, type Threat } from "../threat.ts";

/** Does a link to this server send the victim's browser on to `address`? */
async function leadsTo(target: Target, path: string, address: string): Promise<boolean> {
  const { status, headers } = await target.browserOf(target.victim).get(path, { redirect_url: address });
  return status === 307 && headers.has("location");
}

const TOUCH = "/v1/client/touch";
const HANDSHAKE = "/v1/client/handshake";

export const REDIRECTS: readonly Threat[] = [
  {
    name: "sends people on to a page of theirs by a link to the real server",
    guards: [
      guard(
        "clients/routes.ts",
        'if (!isAllowedRedirect(call.instance, target)) throw refuse("invalid_redirect_url");',
        "",
      ),
    ],
    attempt: (target) => leadsTo(target, TOUCH, "https://evil.example/"),
  },
  {
    name: "has the token of a handshake delivered to a server of theirs",
    guards: [
      guard(
        "handshake/routes.ts",
        'if (!isAllowedRedirect(instance, target)) throw refuse("invalid_redirect_url");',
        "",
      ),
    ],
    attempt: (target) => leadsTo(target, HANDSHAKE, "https://evil.example/"),
  },
  {
    name: "writes an address without its scheme, which browsers fill in",
    guards: [
      guard(
        "instances/origins.ts",
        "if (!URL.canParse(address)) return false;",
        "if (!URL.canParse(address)) return true;",
      ),
    ],
    attempt: (target) => leadsTo(target, TOUCH, "//evil.example/"),
  },
  {
    name: "has a script run by an address that is one",
    guards: [
      guard("instances/origins.ts", '(url.protocol === "http:" || url.protocol === "https:") &&', ""),
      guard(
        "instances/origins.ts",
        "if (url === null || url.origin !== origin) return false;",
        "if (url === null) return true;",
      ),
    ],
    attempt: (target) => leadsTo(target, TOUCH, "javascript:alert(document.domain)//"),
  },
  {
    name: "puts a well-known name before the @ of an address",
    guards: [guard("instances/origins.ts", 'url.username === "" &&', "")],
    attempt: (target) => leadsTo(target, TOUCH, "http://accounts.bank.example@localhost:5173/"),
  },
  {
    name: "has the token of production delivered to a page without encryption",
    guards: [guard("instances/origins.ts", 'url.protocol === "https:" && (', "(")],
    options: { productionOrigin: PRODUCTION },
    attempt: (target) => leadsTo(target, HANDSHAKE, "http://app.example.com/"),
  },
];
