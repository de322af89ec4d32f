import type { Examination } from "../../examination.ts";
import { fetchText, jsonObject } from "../../fetched.ts";
import { type Finding, fault, good } from "../../finding.ts";
import { getTemplateToken } from "./remedy.ts";

/** Sends the token with a batch of no queries: the deployment verifies it, and does nothing. */
export async function askDeployment({ deployment, reach }: Examination, token: string): Promise<Finding> {
  const isSendable = /^[\x21-\x7e]+$/.test(token);
  if (!isSendable) {
    return fault(
      "token_not_sent",
      "The token holds characters that no header can carry, so it was not sent.",
      {
        remedy: getTemplateToken,
      },
    );
  }
  const answer = await fetchText(reach, `${deployment.url}/api/query_batch`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ queries: [] }),
    redirect: "error",
  });
  if (answer.type === "unreachable") {
    return fault("deployment_unreachable", `${deployment.url} cannot be asked: ${answer.reason}.`, {
      remedy: "Check that the deployment is running, and try again.",
    });
  }
  if (answer.status === 200) return good("token_accepted", "The deployment accepts the token.");
  const said = jsonObject(answer.text)?.message;
  const text = typeof said === "string" ? said : `status ${answer.status}`;
  return fault("token_refused", `The deployment refuses the token: ${text}`, {
    remedy: "Mend what is told above, then get a new token.",
  });
}
