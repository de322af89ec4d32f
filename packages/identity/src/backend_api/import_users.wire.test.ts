import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { hashSync } from "bcryptjs";
import { afterEach, expect, test } from "vitest";
import { refusal, startGenuineBackend } from "../testing/genuine_backend.ts";
import { TestBrowser } from "../testing/test_browser.ts";

const ROOT = fileURLToPath(new URL("../../../../", import.meta.url));

let folder: string | null = null;

afterEach(async () => {
  if (folder !== null) await rm(folder, { recursive: true });
});

/** The script of docs/identity.md, letter by letter; only the package goes by the name that it has in this repository. */
async function writeScript(): Promise<{ readonly script: string; readonly csv: string }> {
  // Below node_modules, so that the script finds the package.
  folder = await mkdtemp(join(ROOT, "node_modules", ".import-users-"));
  const page = await readFile(join(ROOT, "docs/identity.md"), "utf8");
  const [, code] = /```js\n(\/\/ import_users\.mjs[\s\S]*?)```/.exec(page)!;
  const script = join(folder, "import_users.mjs");
  await writeFile(script, code!.replace('"@clerk/backend"', '"clerk-backend-genuine"'));
  return { script, csv: join(folder, "users.csv") };
}

test("the documented script brings users along with their passwords, and can be run again", async () => {
  await using from = await startGenuineBackend();
  await using to = await startGenuineBackend();
  const ada = await from.newUser({
    emailAddress: ["second@example.com", "ada@example.com"],
    firstName: "Ada",
    privateMetadata: { plan: "pro" },
    createdAt: new Date("2020-01-02T03:04:05Z"),
  });
  await from.clerk.users.updateUser(ada.id, { primaryEmailAddressID: ada.emailAddresses[1]!.id });
  const banned = await from.newUser();
  await from.clerk.users.banUser(banned.id);
  const { script, csv } = await writeScript();
  await writeFile(
    csv,
    [
      "id,first_name,note,password_digest,password_hasher",
      `${ada.id},Ada,"says ""hello"", often",${hashSync("a quiet evening", 4)},bcrypt`,
      `${banned.id},,,,`,
    ].join("\r\n"),
  );
  const run = () =>
    promisify(execFile)(process.execPath, [script, csv], {
      env: {
        ...process.env,
        CLERK_SECRET_KEY: from.server.secretKey,
        CLERK_API_URL: from.server.url,
        TANDEM_SECRET_KEY: to.server.secretKey,
        TANDEM_IDENTITY_URL: to.server.url,
      },
    });
  expect((await run()).stdout).toBe(`${ada.id} imported\n${banned.id} imported\n`);
  await run();
  const { data } = await to.clerk.users.getUserList({ orderBy: "+created_at" });
  expect(data).toMatchObject([
    { externalId: ada.id, firstName: "Ada", privateMetadata: { plan: "pro" }, createdAt: ada.createdAt },
    { externalId: banned.id, banned: true, passwordEnabled: false },
  ]);
  expect(data[0]!.primaryEmailAddress?.emailAddress).toBe("ada@example.com");
  const signedIn = await new TestBrowser(to.server).post("/v1/client/sign_ins", {
    identifier: "second@example.com",
    password: "a quiet evening",
  });
  expect(signedIn.body.response.status).toBe("complete");
  expect(await refusal(to.clerk.users.getUser(ada.id))).toMatchObject({ status: 404 });
});
