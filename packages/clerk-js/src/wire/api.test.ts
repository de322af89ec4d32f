import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ClerkAPIResponseError, ClerkRuntimeError } from "../errors.ts";
import { Api } from "./api.ts";
import type { ClientJson } from "./json.ts";

type Received = {
  method: string;
  path: string;
  query: URLSearchParams;
  type: string | undefined;
  body: string;
};
type Answer = { status?: number; body: unknown; headers?: Record<string, string>; isCutShort?: boolean };

const received: Received[] = [];
const happened: string[] = [];
let answers: Answer[] = [];
let sessionId: string | undefined;
let api: Api;
let close: () => void;

async function read(request: IncomingMessage): Promise<Received> {
  let body = "";
  for await (const chunk of request) body += chunk;
  const url = new URL(request.url!, "http://x");
  return {
    method: request.method!,
    path: url.pathname,
    query: url.searchParams,
    type: request.headers["content-type"],
    body,
  };
}

beforeEach(async () => {
  received.length = 0;
  happened.length = 0;
  answers = [];
  sessionId = undefined;
  const server = createServer(async (request, response) => {
    received.push(await read(request));
    const answer = answers.shift() ?? { body: { response: null, client: null } };
    const { status = 200, body, headers, isCutShort } = answer;
    response.writeHead(status, { "content-type": "application/json", ...headers });
    if (isCutShort) {
      response.write("{", () => response.destroy());
      return;
    }
    response.end(status === 204 ? undefined : typeof body === "string" ? body : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  close = () => server.close();
  api = new Api(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, {
    sessionId: () => sessionId,
    clientArrived: ({ id }) => happened.push(`client ${id}`),
    changed: () => happened.push("changed"),
    unauthenticated: async () => happened.push("unauthenticated"),
  });
});

afterEach(() => close());

const client = (id: string) => ({ id, sessions: [] }) satisfies ClientJson;

test("a change is a POST that needs no leave from another origin: a form, and its method in the query", async () => {
  sessionId = "sess_1";
  await api.request({ method: "PATCH", path: "/me", body: { firstName: "Jo" } });
  const [request] = received;
  expect(request).toMatchObject({ method: "POST", path: "/v1/me", body: "first_name=Jo" });
  expect(request!.type).toMatch("application/x-www-form-urlencoded");
  expect(Object.fromEntries(request!.query)).toMatchObject({
    _method: "PATCH",
    __clerk_api_version: "2025-11-10",
    _clerk_session_id: "sess_1",
  });
});

test("requests about the client itself name no session", async () => {
  sessionId = "sess_1";
  await api.request({ path: "/client" });
  expect(received[0]!.query.has("_clerk_session_id")).toBe(false);
  expect(received[0]!.query.has("_method")).toBe(false);
});

test("an answer is taken out of its envelope, and applied between the client and the news of the change", async () => {
  answers = [{ body: { response: { id: "sia_1" }, client: client("client_1") } }];
  const answer = await api.request({ method: "POST", path: "/client/sign_ins" }, () =>
    happened.push("applied"),
  );
  expect(answer).toEqual({ id: "sia_1" });
  expect(happened).toEqual(["client client_1", "applied", "changed"]);
});

test("bare answers are taken as they are, lists too, and null is null", async () => {
  answers = [
    { body: { jwt: "a.b.c" } },
    { body: [{ id: "sess_1" }] },
    { body: { response: null, client: null } },
  ];
  expect(await api.request({ path: "/x" })).toEqual({ jwt: "a.b.c" });
  expect(await api.request({ path: "/x" })).toEqual([{ id: "sess_1" }]);
  expect(await api.request({ path: "/x" })).toBeNull();
  expect(happened).toEqual([]);
});

test("a refusal is an error with the server's words, and its client counts all the same", async () => {
  const errors = [
    {
      code: "form_password_incorrect",
      message: "is wrong",
      long_message: "It is wrong.",
      meta: { param_name: "password" },
    },
  ];
  answers = [{ status: 422, body: { errors, clerk_trace_id: "t1", meta: { client: client("client_2") } } }];
  const error = await api.request({ method: "POST", path: "/client/sign_ins" }).catch((reason) => reason);
  expect(error).toBeInstanceOf(ClerkAPIResponseError);
  expect(error).toMatchObject({
    message: "It is wrong.",
    status: 422,
    clerkTraceId: "t1",
    errors: [
      { code: "form_password_incorrect", longMessage: "It is wrong.", meta: { paramName: "password" } },
    ],
  });
  expect(happened).toEqual(["client client_2", "changed"]);
});

test("too many requests say how long to wait", async () => {
  answers = [{ status: 429, body: { errors: [] }, headers: { "retry-after": "7" } }];
  await expect(api.request({ method: "POST", path: "/x" })).rejects.toMatchObject({
    status: 429,
    retryAfter: 7,
  });
});

test("a refusal for want of a session is looked into before it is thrown", async () => {
  answers = [{ status: 401, body: { errors: [{ code: "authentication_invalid", message: "no" }] } }];
  await expect(api.request({ path: "/me" })).rejects.toMatchObject({ status: 401 });
  expect(happened).toEqual(["unauthenticated"]);
});

test("a refusal for want of a captcha says nothing about the session", async () => {
  answers = [{ status: 401, body: { errors: [{ code: "requires_captcha", message: "no" }] } }];
  await expect(api.request({ method: "POST", path: "/x" })).rejects.toMatchObject({ status: 401 });
  expect(happened).toEqual([]);
});

test("an error page of something in between is an error with its status", async () => {
  answers = [{ status: 502, body: "<h1>Bad gateway</h1>" }];
  await expect(api.request({ method: "POST", path: "/x" })).rejects.toMatchObject({
    status: 502,
    errors: [],
  });
});

test("an answer that is not the server's is told apart from none", async () => {
  answers = [{ body: "<!doctype html>" }];
  await expect(api.request({ method: "POST", path: "/x" })).rejects.toThrow(
    "is not JSON; is this its address?",
  );
});

test("an answer that is cut short is none: what only reads is asked for again", async () => {
  answers = [{ body: null, isCutShort: true }, { body: { response: { id: "client_1" }, client: null } }];
  expect(await api.request({ path: "/client" })).toEqual({ id: "client_1" });
  answers = [{ body: null, isCutShort: true }];
  await expect(api.request({ method: "POST", path: "/x" })).rejects.toMatchObject({ code: "network_error" });
});

test("a server that is away is named without what the request carried, and a change is not sent twice", async () => {
  close();
  const lost = new Api("http://127.0.0.1:1", {
    sessionId: () => undefined,
    clientArrived: () => {},
    changed: () => {},
    unauthenticated: async () => {},
  });
  const error: unknown = await lost
    .request({ method: "POST", path: "/client/sign_ins", search: { expired_token: "secret" } })
    .catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ClerkRuntimeError);
  const { code, message } = error as ClerkRuntimeError;
  expect(code).toBe("network_error");
  expect(message).toContain("http://127.0.0.1:1");
  expect(message).not.toContain("secret");
});
