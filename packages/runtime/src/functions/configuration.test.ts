import { expect, test } from "vitest";
import { evaluateAuthConfig, evaluateSchema } from "./analyze.ts";

const auth = (source: string, environment = {}) =>
  evaluateAuthConfig({ path: "auth.config.js", source }, environment);
const schema = (source: string) => evaluateSchema({ path: "schema.js", source });

test("an auth config is what it exports, environment variables put in", async () => {
  const source = `export default { providers: [{ domain: process.env.ISSUER, applicationID: "convex" }] };`;
  expect(JSON.parse(await auth(source, { ISSUER: "https://a" }))).toEqual({
    providers: [{ domain: "https://a", applicationID: "convex" }],
  });
  await expect(auth(source)).rejects.toThrow("Environment variable ISSUER is used in auth config file");
});

test.each([
  ["Date.now()", "The current time cannot be used in auth.config.ts"],
  ["new Date().toString()", "The current time cannot be used in auth.config.ts"],
  ["Math.random()", "Random numbers cannot be used in auth.config.ts"],
  ["crypto.randomUUID()", "Random numbers cannot be used in auth.config.ts"],
  [`Convex.syscall("1.0/queryStream", "{}")`, "Can't use database at import time."],
])("an auth config that uses %s is refused", async (expression, message) => {
  const source = `const it = ${expression}; export default { providers: [], it };`;
  await expect(auth(source)).rejects.toThrow(message);
});

test("a config that imports is told that it is evaluated alone", async () => {
  await expect(
    auth(`import { x } from "./_deps/AB12.js"; export default { providers: [x] };`),
  ).rejects.toThrow(`auth.config.ts imports "./_deps/AB12.js", but it is evaluated alone`);
});

test("a date that is no clock may be used", async () => {
  expect(await auth(`export default { providers: [], at: new Date(0).getTime() };`)).toBe(
    '{"providers":[],"at":0}',
  );
});

test("a schema may not depend on chance or on the environment", async () => {
  await expect(schema(`export default { export: () => "{}", x: Math.random() };`)).rejects.toThrow(
    "Random numbers cannot be used in schema.ts",
  );
  await expect(schema(`export default { export: () => process.env.X };`)).rejects.toThrow(
    "Environment variables cannot be read in schema.ts",
  );
  expect(await schema(`export default { export: () => '{"tables":[]}' };`)).toBe('{"tables":[]}');
});
