import type { ActionRun, ClientResult, MutationRun } from "../execute/outcome.ts";
import { formatLogLines } from "../logs/lines.ts";
import { wireTimestamp } from "./wire_timestamp.ts";

/** The text of a MutationResponse (P §1.4). Values are JSON text already, and are put in as they are. */
export function mutationResponse(requestId: number, run: MutationRun): string {
  const ts = run.ts === null ? "null" : `"${wireTimestamp(run.ts)}"`;
  return `{"type":"MutationResponse","requestId":${requestId},${outcome(run.result)},"ts":${ts},"logLines":${lines(run)}}`;
}

/** The text of an ActionResponse (P §1.4). */
export function actionResponse(requestId: number, run: ActionRun): string {
  return `{"type":"ActionResponse","requestId":${requestId},${outcome(run.result)},"logLines":${lines(run)}}`;
}

function outcome(result: ClientResult): string {
  if (result.kind === "value") {
    return `"success":true,"result":${result.value}`;
  }
  const data = result.data === undefined ? "" : `,"errorData":${result.data}`;
  return `"success":false,"result":${JSON.stringify(result.clientMessage)}${data}`;
}

function lines(run: ActionRun): string {
  return run.logs.length === 0 ? "[]" : JSON.stringify(formatLogLines(run.logs));
}
