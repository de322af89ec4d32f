import { answerWithClient } from "../answers.ts";
import type { Route } from "../http/index.ts";
import type { Parts } from "../parts.ts";
import { attemptFirstFactor } from "./attempt_first_factor.ts";
import { createSignIn } from "./create_sign_in.ts";
import { ownSignIn } from "./own_sign_in.ts";
import { prepareFirstFactor } from "./prepare_first_factor.ts";
import { resetPassword } from "./reset_password.ts";

const SIGN_INS = "/v1/client/sign_ins";

/** Signing in (F §4.3). */
export function signInRoutes(parts: Parts): Route[] {
  const post = (path: string, handle: Route["handle"]): Route => ({
    audience: "frontend",
    method: "POST",
    path: `${SIGN_INS}${path}`,
    handle,
  });
  return [
    post("", (call) => createSignIn(parts, call)),
    {
      audience: "frontend",
      method: "GET",
      path: `${SIGN_INS}/:id`,
      async handle(call) {
        const { client } = await ownSignIn(parts.store.read(), call);
        return answerWithClient(parts, call, client, (json) => json?.sign_in ?? null);
      },
    },
    post("/:id/prepare_first_factor", (call) => prepareFirstFactor(parts, call)),
    post("/:id/attempt_first_factor", (call) => attemptFirstFactor(parts, call)),
    post("/:id/reset_password", (call) => resetPassword(parts, call)),
  ];
}
