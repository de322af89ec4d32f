import { type ReactNode, useState } from "react";
import { clientJson, environmentJson, type ScriptedFapi, sessionJson, signInJson } from "./scripted_fapi.ts";

/** The calls of a sign-in, of the one attempt that these answers know. */
export const CREATE = "POST /v1/client/sign_ins";
export const ATTEMPT = "POST /v1/client/sign_ins/sia_1/attempt_first_factor";
export const PREPARE = "POST /v1/client/sign_ins/sia_1/prepare_first_factor";

/** An answer whose client has this attempt under way. */
export function answering(signIn: object): { json: object } {
  return { json: { response: signIn, client: clientJson({ sign_in: signIn }) } };
}

/** What the server says when the attempt is through: the session is among the client's. */
export function complete(): { json: object } {
  const signIn = signInJson({ status: "complete", created_session_id: "sess_1" });
  return {
    json: {
      response: signIn,
      client: clientJson({ sign_in: signIn, sessions: [sessionJson()], last_active_session_id: "sess_1" }),
    },
  };
}

/** A page of an app that its visitor leaves for another one, without a reload. */
export function Leaving(props: { children: ReactNode }): ReactNode {
  const [left, setLeft] = useState(false);
  return (
    <>
      <button type="button" onClick={() => setLeft(true)}>
        Leave
      </button>
      {left ? <h1>Elsewhere</h1> : props.children}
    </>
  );
}

/** A router that keeps where it was sent. */
export function routing(): { visited: string[]; options: { routerPush: Router; routerReplace: Router } } {
  const visited: string[] = [];
  const router: Router = (to) => void visited.push(to);
  return { visited, options: { routerPush: router, routerReplace: router } };
}

export type Router = (to: string) => void;

/** A code is on its way. */
export function codeSent(over: object = {}): { json: object } {
  return answering(
    signInJson({
      first_factor_verification: {
        status: "unverified",
        strategy: "email_code",
        expire_at: Date.now() + 600_000,
      },
      ...over,
    }),
  );
}

/** An instance that asks for a code first. */
export const codeFirst = environmentJson({ display: { preferred_sign_in_strategy: "otp" } });

/** The one session can become the active one. */
export function touchable(fapi: ScriptedFapi): void {
  fapi.on("POST /v1/client/sessions/sess_1/touch", () => ({
    json: {
      response: sessionJson(),
      client: clientJson({ sessions: [sessionJson()], last_active_session_id: "sess_1" }),
    },
  }));
}
