// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { documentCookies } from "../cookies/jar.ts";
import { SessionCookies } from "../cookies/session_cookies.ts";
import type { Session } from "../resources/session.ts";
import { SessionKeeper } from "./session_keeper.ts";

const jar = documentCookies(document);
const cookies = new SessionCookies({
  jar,
  suffix: "abcd1234",
  site: "localhost",
  secure: false,
  embedded: false,
});

let session: Session | null;
let touches: object[];
let singleSession: boolean;
const keeper = new SessionKeeper(
  {
    session: () => session,
    isSingleSession: () => singleSession,
    touchesOnFocus: true,
    refused: (error) => Promise.reject(error),
  },
  cookies,
);

/** As much of a session as the keeper looks at. */
function sessionOf(id: string, token: string): Session {
  return {
    id,
    lastActiveOrganizationId: null,
    lastActiveToken: { getRawString: () => token },
    getToken: async () => token,
    touch: async (params: object) => void touches.push(params),
  } as unknown as Session;
}

const focused = (has: boolean) => vi.spyOn(document, "hasFocus").mockReturnValue(has);

beforeEach(() => {
  session = sessionOf("sess_1", "a.b.c");
  touches = [];
  singleSession = true;
  vi.spyOn(document, "visibilityState", "get").mockReturnValue("visible");
});
afterEach(() => {
  keeper.stop();
  vi.restoreAllMocks();
  vi.useRealTimers();
  cookies.setToken(null);
  jar.remove("clerk_active_context", { sameSite: "Lax", secure: false });
});

test("the tab in use writes its session's token, and takes it away with the session", () => {
  focused(true);
  keeper.write();
  expect(cookies.token).toBe("a.b.c");
  expect(cookies.activeContext).toBe("sess_1:");
  session = null;
  keeper.write();
  expect(cookies.token).toBeUndefined();
});

test("a tab in the background leaves the cookie to the tab of another session", () => {
  focused(true);
  keeper.write();
  focused(false);
  session = sessionOf("sess_2", "x.y.z");
  keeper.write();
  expect(cookies.token).toBe("a.b.c");
});

test("a tab in the background renews the token of the session that the cookie is of", () => {
  focused(true);
  keeper.write();
  focused(false);
  session = sessionOf("sess_1", "d.e.f");
  keeper.write();
  expect(cookies.token).toBe("d.e.f");
});

test("a token is kept while the browser is offline, for want of another", () => {
  focused(true);
  keeper.write();
  vi.spyOn(navigator, "onLine", "get").mockReturnValue(false);
  session = null;
  keeper.write();
  expect(cookies.token).toBe("a.b.c");
});

test("focus marks the session as in use, once in five seconds where there can be only one", async () => {
  focused(true);
  vi.useFakeTimers();
  keeper.start(false);
  const comeBack = async () => {
    document.dispatchEvent(new Event("visibilitychange"));
    window.dispatchEvent(new Event("focus"));
    await vi.advanceTimersByTimeAsync(0);
  };
  await comeBack();
  expect(touches).toEqual([{ intent: "focus" }]);
  await comeBack();
  expect(touches).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(5000);
  await comeBack();
  expect(touches).toHaveLength(2);
  singleSession = false;
  await comeBack();
  expect(touches).toHaveLength(3);
});

test("the cookie is looked after every second and a half while the tab is in use", async () => {
  focused(true);
  vi.useFakeTimers();
  keeper.start(true);
  session = sessionOf("sess_1", "g.h.i");
  await vi.advanceTimersByTimeAsync(1400);
  expect(cookies.token).toBeUndefined();
  await vi.advanceTimersByTimeAsync(200);
  expect(cookies.token).toBe("g.h.i");
});

test("a tab that was left while it looked after the cookie does not go on", async () => {
  focused(true);
  vi.useFakeTimers();
  const answer = Promise.withResolvers<string>();
  const getToken = vi.fn(() => answer.promise);
  session = { ...sessionOf("sess_1", "a.b.c"), getToken } as unknown as Session;
  keeper.start(true);
  await vi.advanceTimersByTimeAsync(1500);
  keeper.stop();
  answer.resolve("a.b.c");
  await vi.advanceTimersByTimeAsync(10_000);
  expect(getToken).toHaveBeenCalledTimes(1);
});
