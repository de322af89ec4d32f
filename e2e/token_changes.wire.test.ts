import { afterAll, beforeAll, expect, test } from "vitest";
import { pushFixture } from "./harness/push.ts";
import { type RawSocket, rawSocket } from "./harness/raw_socket.ts";
import { startTandem, type Tandem } from "./harness/tandem.ts";
import { type TokenMint, tokenMint } from "./harness/token_mint.ts";

let tandem: Tandem;
let issuer: TokenMint;
beforeAll(async () => {
  [tandem, issuer] = await Promise.all([startTandem(), tokenMint()]);
  await pushFixture(tandem, {
    variables: {
      OIDC_ISSUER: "https://issuer.example.com",
      CUSTOM_ISSUER: issuer.issuer,
      CUSTOM_JWKS: issuer.jwks,
      ABSENT_ISSUER: "https://absent.example.com",
    },
  });
});
afterAll(() => tandem.stop());

/** Sends all of it before any is answered: a token, and a mutation that tells whose it was. */
function changeTokens(socket: RawSocket, tokens: readonly string[]): void {
  tokens.forEach((value, i) => {
    socket.send({ type: "Authenticate", baseVersion: i, tokenType: "User", value });
    socket.send({ type: "Mutation", requestId: i, udfPath: "identity:whoamiInMutation", args: [{}] });
  });
}

test("token changes that are sent at once take effect in their order, each for what follows it", async () => {
  const people = Array.from({ length: 20 }, (_, i) => `person${i}`);
  using socket = await rawSocket(tandem.backendUrl);
  const tokens = await Promise.all(people.map((person) => issuer.mint(person)));
  socket.hello();
  changeTokens(socket, tokens);
  for (const [requestId, subject] of people.entries()) {
    expect(await socket.next("MutationResponse")).toMatchObject({ requestId, result: { subject } });
  }
});

test("a refused token ends the socket in its turn: what came before is done, what follows is not", async () => {
  using socket = await rawSocket(tandem.backendUrl);
  const [first, second, third] = await Promise.all(["ada", "eve", "bob"].map((who) => issuer.mint(who)));
  const forged = `${second!.split(".").slice(0, 2).join(".")}.${third!.split(".")[2]}`;
  socket.hello();
  changeTokens(socket, [first!, forged, third!]);
  expect(await socket.next("AuthError")).toMatchObject({ authUpdateAttempted: true });
  await socket.closed;
  const answered = socket.received.filter(({ type }) => type === "MutationResponse");
  expect(answered.every(({ requestId }) => requestId === 0)).toBe(true);
});

test("a message that cannot be read ends the socket in its turn", async () => {
  using socket = await rawSocket(tandem.backendUrl);
  socket.hello();
  const token = await issuer.mint("ada");
  socket.send({ type: "Authenticate", baseVersion: 0, tokenType: "User", value: token });
  socket.send('{"type":"Authenticate","baseVersion":1,"tokenType":"Magic"}');
  expect((await socket.next("FatalError")).error).toContain('unknown tokenType "Magic"');
  await socket.closed;
});
