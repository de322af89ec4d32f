import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startIdentity } from "../testing/start_identity.ts";

let assets: string;

beforeAll(() => {
  const folder = mkdtempSync(join(tmpdir(), "hosted-"));
  writeFileSync(join(folder, "secret.js"), "secret");
  assets = mkdtempSync(join(folder, "assets-"));
  writeFileSync(join(assets, "main.js"), 'import "./page-ABCDEFGH.js";');
  writeFileSync(join(assets, "page-ABCDEFGH.js"), "export {};");
  writeFileSync(join(assets, "main.css"), "body{}");
});

afterAll(() => rmSync(join(assets, ".."), { recursive: true }));

describe("the pages", () => {
  test.each(["/sign-in", "/sign-up", "/user", "/sign-in/factor-one", "/user/security"])(
    "%s is there",
    async (path) => {
      await using server = await startIdentity({ assets });
      const response = await fetch(server.url + path);
      expect(response.status).toBe(200);
      expect(response.headers.get("content-type")).toBe("text/html; charset=utf-8");
      const html = await response.text();
      expect(html).toContain(`data-publishable-key="${server.publishableKey}"`);
      expect(html).toContain('data-application-name="Test app"');
      expect(html).toContain('src="/hosted/main.js"');
      expect(html).toContain('href="/hosted/main.css"');
    },
  );

  test("clickjacking: nobody frames them", async () => {
    await using server = await startIdentity({ assets });
    const { headers } = await fetch(`${server.url}/sign-in`);
    expect(headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
    expect(headers.get("x-frame-options")).toBe("DENY");
  });

  test("cross-site scripting: only the script of this very answer runs", async () => {
    await using server = await startIdentity({ assets });
    const nonceOf = async () => {
      const response = await fetch(
        `${server.url}/sign-in?redirect_url=%22%3E%3Cscript%3Ealert(1)%3C/script%3E`,
      );
      const policy = response.headers.get("content-security-policy")!;
      const nonce = /script-src 'self' 'nonce-([0-9A-Za-z]{24})'/.exec(policy)![1]!;
      const html = await response.text();
      expect(html).toContain(`nonce="${nonce}"`);
      expect(html).not.toContain("alert(1)");
      expect(policy).not.toContain("unsafe");
      return nonce;
    };
    expect(await nonceOf()).not.toBe(await nonceOf());
  });

  test("cross-site scripting: the application's name is text", async () => {
    await using server = await startIdentity({ assets });
    const { id } = await server.parts.instances.byEnvironment("development");
    const applicationName = `"><script>alert("x")</script>`;
    await server.parts.instances.change(id, (settings) => ({ ...settings, applicationName }));
    const html = await (await fetch(`${server.url}/sign-in`)).text();
    expect(html).not.toContain("<script>alert");
    expect(html).toContain('data-application-name="&quot;&gt;&lt;script&gt;');
  });

  test("in production people are sent to the app's own domain only", async () => {
    await using server = await startIdentity({ assets, productionOrigin: "https://clerk.example.com" });
    const request = new Request("https://clerk.example.com/sign-in");
    const html = await (await server.identity.fetch(request, { ipAddress: null })).text();
    expect(html).toContain('data-allowed-origins="https://example.com https://*.example.com"');
  });

  test("that are not built say what to do", async () => {
    await using server = await startIdentity();
    const response = await fetch(`${server.url}/sign-in`);
    expect(response.status).toBe(404);
    expect(await response.text()).toContain("npm run build");
  });
});

describe("their files", () => {
  test("are served, kept for ever when their name has their hash, and else asked for anew", async () => {
    await using server = await startIdentity({ assets });
    const main = await fetch(`${server.url}/hosted/main.js`);
    expect(main.headers.get("content-type")).toBe("text/javascript; charset=utf-8");
    expect(main.headers.get("cache-control")).toBe("public, max-age=0");
    const again = await fetch(`${server.url}/hosted/main.js`, {
      headers: { "if-none-match": main.headers.get("etag")! },
    });
    expect(again.status).toBe(304);
    const chunk = await fetch(`${server.url}/hosted/page-ABCDEFGH.js`);
    expect(chunk.headers.get("cache-control")).toContain("immutable");
  });

  test.each([
    "/hosted/../secret.js",
    "/hosted/%2e%2e/secret.js",
    "/hosted/..%2fsecret.js",
    "/hosted//etc/passwd",
    "/hosted/",
  ])("path traversal: %s is not there", async (path) => {
    await using server = await startIdentity({ assets });
    const response = await server.identity.fetch(new Request(server.url + path), { ipAddress: null });
    expect(response.status).toBe(404);
    expect(await response.text()).not.toBe("secret");
  });
});
