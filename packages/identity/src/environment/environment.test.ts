import { expect, test } from "vitest";
import { startIdentity } from "../testing/start_identity.ts";
import { TestBrowser } from "../testing/test_browser.ts";

test("everybody may ask for the environment, in both ways, and gets it bare", async () => {
  await using identity = await startIdentity();
  const browser = new TestBrowser(identity);
  const got = await browser.get("/v1/environment");
  const patched = await browser.patch("/v1/environment");
  expect(got.body).toEqual(patched.body);
  expect(got.body).toMatchObject({
    auth_config: { single_session_mode: true },
    display_config: { application_name: "Test app", sign_in_url: `${identity.issuer}/sign-in` },
    user_settings: {
      attributes: {
        email_address: { enabled: true, required: true, used_for_first_factor: true },
        username: { enabled: false, used_for_first_factor: false },
        password: { enabled: true, required: true },
      },
      sign_up: { captcha_enabled: false },
    },
  });
  expect(got.headers.getSetCookie()).toEqual([]);
});

test("the environment follows the instance's settings", async () => {
  await using identity = await startIdentity();
  await identity.parts.instances.change(identity.instanceId, (before) => ({
    ...before,
    singleSessionMode: false,
    username: { ...before.username, enabled: true, required: true },
    emailAddress: { ...before.emailAddress, codeSignIn: false },
    enumerationProtection: false,
  }));
  const { body } = await new TestBrowser(identity).get("/v1/environment");
  expect(body.auth_config.single_session_mode).toBe(false);
  expect(body.user_settings.attributes.username).toMatchObject({
    enabled: true,
    used_for_first_factor: true,
  });
  expect(body.user_settings.attributes.email_address.first_factors).toEqual([]);
  expect(body.user_settings.attack_protection.enumeration_protection.enabled).toBe(false);
});

test("genuine pages of another origin are not given addresses that they cannot be sent to", async () => {
  await using identity = await startIdentity();
  const query = { _clerk_js_version: "5.128.0" };
  const page = await new TestBrowser(identity, { query }).get("/v1/environment");
  expect(page.body.display_config.sign_in_url).toBe("");
  const own = await new TestBrowser(identity, { query, origin: identity.url }).get("/v1/environment");
  expect(own.body.display_config.sign_in_url).toBe(`${identity.issuer}/sign-in`);
});
