import type { StartedIdentity } from "./start_identity.ts";

/** A page's origin on the developer's machine. */
export const PAGE = "http://localhost:5173";

export interface Reply {
  readonly status: number;
  /** The whole body. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape.
  readonly body: any;
  readonly headers: Headers;
}

type Fields = Readonly<Record<string, string | readonly string[] | undefined>>;

/** A browser with a cookie jar of its own that calls the Frontend API as clerk-js does (F §1.5, §1.6). */
export class TestBrowser {
  readonly #url: string;
  readonly #origin: string | null;
  readonly cookies = new Map<string, string>();
  /** Query parameters that go with every request. */
  readonly query: Record<string, string>;

  constructor(
    { url }: Pick<StartedIdentity, "url">,
    { origin = PAGE, query = {} }: { origin?: string | null; query?: Record<string, string> } = {},
  ) {
    this.#url = url;
    this.#origin = origin;
    this.query = query;
  }

  get(path: string, query: Fields = {}): Promise<Reply> {
    return this.#send("GET", path, query, undefined);
  }

  post(path: string, fields: Fields = {}, query: Fields = {}): Promise<Reply> {
    return this.#send("POST", path, query, fields);
  }

  patch(path: string, fields: Fields = {}, query: Fields = {}): Promise<Reply> {
    return this.#send("POST", path, { ...query, _method: "PATCH" }, fields);
  }

  delete(path: string, query: Fields = {}): Promise<Reply> {
    return this.#send("POST", path, { ...query, _method: "DELETE" }, {});
  }

  /** A copy with the same cookies: whoever stole them. */
  copy(identity: Pick<StartedIdentity, "url">): TestBrowser {
    const copy = new TestBrowser(identity, { origin: this.#origin, query: this.query });
    for (const [name, value] of this.cookies) copy.cookies.set(name, value);
    return copy;
  }

  async #send(method: string, path: string, query: Fields, fields: Fields | undefined): Promise<Reply> {
    const url = new URL(`${this.#url}${path}`);
    for (const [name, value] of pairs({ ...this.query, ...query })) url.searchParams.append(name, value);
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const response = await fetch(url, {
      method,
      redirect: "manual",
      headers: {
        ...(this.#origin === null ? {} : { origin: this.#origin }),
        ...(cookie === "" ? {} : { cookie }),
      },
      ...(fields === undefined ? {} : { body: new URLSearchParams(pairs(fields)) }),
    });
    for (const header of response.headers.getSetCookie()) {
      const [pair = ""] = header.split(";");
      const equals = pair.indexOf("=");
      const name = pair.slice(0, equals);
      if (/Max-Age=0\b/i.test(header)) this.cookies.delete(name);
      else this.cookies.set(name, pair.slice(equals + 1));
    }
    const text = await response.text();
    const isJson = response.headers.get("content-type") === "application/json";
    return { status: response.status, body: isJson ? JSON.parse(text) : text, headers: response.headers };
  }
}

function pairs(fields: Fields): [string, string][] {
  return Object.entries(fields).flatMap(([name, value]) =>
    value === undefined ? [] : [value].flat().map((one): [string, string] => [name, one]),
  );
}

export const PASSWORD = "correct horse battery staple";
export const TEST_CODE = "424242";

/** An account, signed up by a test address (F §8.1). Answers its session's id and user. */
export async function signUp(
  browser: TestBrowser,
  emailAddress = "jane+clerk_test@example.com",
  fields: Fields = {},
): Promise<{ readonly sessionId: string; readonly userId: string }> {
  const created = await browser.post("/v1/client/sign_ups", {
    email_address: emailAddress,
    password: PASSWORD,
    ...fields,
  });
  if (created.status !== 200) throw new Error(`No sign-up: ${JSON.stringify(created.body)}`);
  const path = `/v1/client/sign_ups/${created.body.response.id}`;
  await browser.post(`${path}/prepare_verification`, { strategy: "email_code" });
  const { body, status } = await browser.post(`${path}/attempt_verification`, {
    strategy: "email_code",
    code: TEST_CODE,
  });
  if (status !== 200) throw new Error(`The sign-up is not complete: ${JSON.stringify(body)}`);
  return { sessionId: body.response.created_session_id, userId: body.response.created_user_id };
}

/** The code of a reply's first error. */
export function errorCode({ body }: Reply): string | undefined {
  return body?.errors?.[0]?.code;
}
