import { formRequest, type Target } from "../target.ts";
import { guard, type Threat } from "../threat.ts";

/** Was it the server itself that failed? */
async function failsInside(target: Target, request: Parameters<Target["send"]>[0]): Promise<boolean> {
  const { status } = await target.send({
    ...request,
    headers: { origin: target.page, ...request.headers },
  });
  return status >= 500 || target.reported.length > 0;
}

function json(path: string, body: string) {
  return { method: "POST", path, headers: { "content-type": "application/json" }, body };
}

const SIGN_INS = "/v1/client/sign_ins";
const SIGN_UPS = "/v1/client/sign_ups";

export const INPUTS: readonly Threat[] = [
  {
    name: "sends a body without end",
    guards: [
      guard("http/body.ts", "if (Number(declared ?? 0) > limit) throw tooLarge();", ""),
      guard("http/body.ts", "if (size > limit) throw tooLarge();", ""),
    ],
    options: { limits: { bodyBytes: 10_000 } },
    async attempt(target) {
      const fields = { email_address: "a@example.com", ignored: "x".repeat(100_000) };
      return (await target.send(formRequest(SIGN_UPS, fields, { origin: target.page }))).status === 200;
    },
  },
  {
    name: "says nothing of a body's size and sends without end",
    guards: [guard("http/body.ts", "if (size > limit) throw tooLarge();", "")],
    options: { limits: { bodyBytes: 10_000 } },
    async attempt(target) {
      const fields = { email_address: "a@example.com", ignored: "x".repeat(100_000) };
      const request = formRequest(SIGN_UPS, fields, { origin: target.page, "transfer-encoding": "chunked" });
      return (await target.send(request)).status === 200;
    },
  },
  {
    name: "nests JSON so deeply that whatever walks through it runs out of stack",
    guards: [guard("http/read_json.ts", "checkJsonDepth(text);", "")],
    attempt(target) {
      const deep = `${'{"a":'.repeat(20_000)}1${"}".repeat(20_000)}`;
      return failsInside(
        target,
        json(SIGN_UPS, `{"email_address":"a@example.com","unsafe_metadata":${deep}}`),
      );
    },
  },
  {
    name: "sends half a character, which nothing can store",
    guards: [guard("http/read_json.ts", "SURROGATE_ESCAPE.test(text) ?", "false ?")],
    attempt: (target) =>
      failsInside(target, json(SIGN_UPS, '{"email_address":"a@example.com","first_name":"\\ud800"}')),
  },
  {
    name: "sends an object where a text belongs",
    guards: [
      guard(
        "http/params.ts",
        'const [value] = values;\n    if (typeof value !== "string") throw refuseField("form_param_type_invalid", name);\n    return value;',
        "return values[0] as string;",
      ),
    ],
    attempt: (target) => failsInside(target, json(SIGN_INS, '{"identifier":{"$gt":""}}')),
  },
  {
    name: "gives a field twice, so that one part of the server reads this and another that",
    guards: [
      guard("http/params.ts", 'if (values.length > 1) throw refuseField("form_param_duplicate", name);', ""),
    ],
    async attempt(target) {
      const { status } = await target.send({
        method: "POST",
        path: SIGN_INS,
        headers: { "content-type": "application/x-www-form-urlencoded", origin: target.page },
        body: `identifier=${target.victim.emailAddress}&identifier=${target.mallory.emailAddress}`,
      });
      return status === 200;
    },
  },
  {
    name: "sends an identifier of many thousand letters, each of which has to be kept",
    guards: [
      guard(
        "sign_ins/create_sign_in.ts",
        'if (text.length > LONGEST_IDENTIFIER) throw refuseField("form_param_max_length_exceeded", "identifier");',
        "",
      ),
      guard("users/account_fields.ts", "address.length > LONGEST_ADDRESS ||", ""),
      guard("users/account_fields.ts", 'address.indexOf("@") > LONGEST_LOCAL_PART ||', ""),
    ],
    async attempt(target) {
      const fields = { identifier: `${"a".repeat(50_000)}@example.com` };
      return (await target.stranger().post(SIGN_INS, fields)).status === 200;
    },
  },
  {
    name: "writes a percent sign into a path, for the server to stumble over",
    guards: [
      guard("http/app.ts", "path: decoded(found.values),", "path: found.values,"),
      guard(
        "http/app.ts",
        'values[name] = typeof at === "number" ? stash![at]! : at;',
        'values[name] = decodeURIComponent(typeof at === "number" ? stash![at]! : at);',
      ),
    ],
    async attempt(target) {
      return (await target.send({ path: "/avatars/%ff" })).status >= 500;
    },
  },
  {
    name: "draws a picture that runs a script on the server's own origin",
    guards: [guard("users/avatar.ts", '/"initials":"([A-Z0-9]{0,2})"/', '/"initials":"([^"]*)"/')],
    async attempt(target) {
      const picture = JSON.stringify({ initials: "</text><script>alert(1)</script>" });
      const path = `/avatars/${Buffer.from(picture).toString("base64url")}`;
      return (await target.send({ path })).text.includes("<script>");
    },
  },
  {
    name: "opens a picture as a page of its own, to do there what pages may",
    guards: [guard("users/avatar.ts", "default-src 'none'; style-src 'unsafe-inline'; sandbox", "img-src *")],
    async attempt(target) {
      const { headers } = await target.send({ path: "/avatars/e30" });
      return !/default-src 'none'.*sandbox/.test(headers.get("content-security-policy") ?? "");
    },
  },
  {
    name: "reads in an answer what the server stumbled over",
    guards: [
      guard(
        "http/app.ts",
        'refusal = refuse("internal_clerk_error");',
        'refusal = refuse("internal_clerk_error", {}, String((error as Error).stack));',
      ),
    ],
    async attempt(target) {
      const { passwords } = target.parts;
      passwords.verify = () => Promise.reject(new Error("the hidden cause"));
      const fields = { identifier: target.victim.emailAddress, password: "a password of theirs" };
      return (await target.stranger().post(SIGN_INS, fields)).text.includes("the hidden cause");
    },
  },
  {
    name: "finds passwords in the report of what went wrong",
    guards: [
      guard(
        "http/app.ts",
        "this.#parts.report(new Error(",
        "this.#parts.report(JSON.stringify(call?.body.json()));\n      this.#parts.report(new Error(",
      ),
    ],
    async attempt(target) {
      const { passwords } = target.parts;
      passwords.verify = () => Promise.reject(new Error("a thread died"));
      const password = "a password of theirs";
      await target.stranger().post(SIGN_INS, { identifier: target.victim.emailAddress, password });
      return target.reported.some((error) => String(error).includes(password));
    },
  },
  {
    name: "gives a template a name that is a path to another one",
    guards: [
      guard(
        "jwt_templates/template_fields.ts",
        "if (name !== undefined && !NAME.test(name)) {",
        "if (false) {",
      ),
    ],
    async attempt(target) {
      const fields = { name: "../convex", claims: {} };
      return (await target.backend("POST", "/v1/jwt_templates", fields)).status === 200;
    },
  },
];
