import { answerWithClient } from "../answers.ts";
import type { Route } from "../http/index.ts";
import type { Parts } from "../parts.ts";
import { attemptVerification } from "./attempt_verification.ts";
import { createSignUp } from "./create_sign_up.ts";
import { ownSignUp } from "./own_sign_up.ts";
import { prepareVerification } from "./prepare_verification.ts";
import { updateSignUp } from "./update_sign_up.ts";

const SIGN_UPS = "/v1/client/sign_ups";

/** Signing up (F §4.6). */
export function signUpRoutes(parts: Parts): Route[] {
  const at = (method: Route["method"], path: string, handle: Route["handle"]): Route => ({
    audience: "frontend",
    method,
    path: `${SIGN_UPS}${path}`,
    handle,
  });
  return [
    at("POST", "", (call) => createSignUp(parts, call)),
    at("GET", "/:id", async (call) => {
      const { client } = await ownSignUp(parts.store.read(), call);
      return answerWithClient(parts, call, client, (json) => json?.sign_up ?? null);
    }),
    at("PATCH", "/:id", (call) => updateSignUp(parts, call)),
    at("POST", "/:id/prepare_verification", (call) => prepareVerification(parts, call)),
    at("POST", "/:id/attempt_verification", (call) => attemptVerification(parts, call)),
  ];
}
