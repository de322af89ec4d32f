import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ClerkAPIResponseError } from "../errors.ts";
import { responseError } from "./api_errors.ts";
import { DevBrowser } from "./dev_browser.ts";
import { networkError } from "./retry.ts";

const cookies = new Map<string, string>();
const jar = {
  get: (name: string) => cookies.get(name),
  set: (name: string, value: string) => void cookies.set(name, value),
  remove: (name: string) => void cookies.delete(name),
};
let inAddress: string | undefined;
const errors = { network: networkError, response: responseError };
const page = { jar, suffix: "abcd1234", secure: false, takeParameter: () => inAddress, errors };

let url = "";
let requests: (string | undefined)[] = [];
let refusal: object | undefined;
let close: () => void;

beforeEach(async () => {
  cookies.clear();
  inAddress = undefined;
  requests = [];
  refusal = undefined;
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url!.split("?")[0]}`);
    response.writeHead(refusal ? 400 : 200, { "content-type": "application/json" });
    response.end(JSON.stringify(refusal ?? { id: `dvb_${requests.length}` }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  close = () => server.close();
});
afterEach(() => close());

function identityIn(devBrowser: DevBrowser): string | null {
  const address = new URL("https://api.test/v1/client");
  devBrowser.addTo(address);
  return address.searchParams.get("__clerk_db_jwt");
}

test("the server makes an identity for a browser that has none, and the page remembers it", async () => {
  const first = new DevBrowser(page, `${url}/v1/dev_browser`);
  await first.setUp();
  expect(requests).toEqual(["POST /v1/dev_browser"]);
  expect(identityIn(first)).toBe("dvb_1");

  const afterReload = new DevBrowser(page, `${url}/v1/dev_browser`);
  await afterReload.setUp();
  expect(requests).toHaveLength(1);
  expect(identityIn(afterReload)).toBe("dvb_1");
});

test("the identity that a redirect brought along is taken before the one that is remembered", async () => {
  cookies.set("__clerk_db_jwt", "remembered");
  inAddress = "brought";
  const devBrowser = new DevBrowser(page, `${url}/v1/dev_browser`);
  await devBrowser.setUp();
  expect(identityIn(devBrowser)).toBe("brought");
  expect(cookies.get("__clerk_db_jwt_abcd1234")).toBe("brought");
});

test("an identity that the server does not know any more is replaced", async () => {
  cookies.set("__clerk_db_jwt", "forgotten");
  const devBrowser = new DevBrowser(page, `${url}/v1/dev_browser`);
  await devBrowser.setUp();
  await devBrowser.renew();
  expect(identityIn(devBrowser)).toBe("dvb_1");
});

test("a page whose origin is not allowed is told so", async () => {
  const message = "Add the origin to its allowed origins.";
  refusal = { errors: [{ code: "origin_invalid", message: "no", long_message: message }] };
  const error = await new DevBrowser(page, `${url}/v1/dev_browser`)
    .setUp()
    .catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ClerkAPIResponseError);
  expect((error as Error).message).toBe(message);
});
