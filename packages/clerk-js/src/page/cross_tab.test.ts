import { expect, test } from "vitest";
import type { TokenKey } from "../tokens/token_cache.ts";
import { joinTabs } from "./cross_tab.ts";

/** A tab, and what it has heard from the others. */
function openTab() {
  const heard: unknown[] = [];
  let wake = (): void => {};
  const hear = (news: unknown) => {
    heard.push(news);
    wake();
  };
  const listener = {
    signedOut: () => hear("sign-out"),
    tokenArrived: (key: TokenKey, raw: string) => hear([key, raw]),
  };
  return {
    heard,
    tabs: joinTabs(listener),
    next: () => new Promise<void>((resolve) => (wake = resolve)),
  };
}

test("the other tabs hear of a sign-out and of a new token, and the tab itself does not", async () => {
  const one = openTab();
  const other = openTab();
  try {
    let next = other.next();
    one.tabs.announceSignOut();
    await next;
    expect(other.heard).toEqual(["sign-out"]);

    next = other.next();
    const key = { sessionId: "sess_1", template: undefined, organizationId: "org_1" };
    one.tabs.announceToken(key, "a.b.c");
    await next;
    expect(other.heard[1]).toEqual([key, "a.b.c"]);
    expect(one.heard).toEqual([]);
  } finally {
    one.tabs.close();
    other.tabs.close();
  }
});
