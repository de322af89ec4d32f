import { type FunctionKind, type Logger, logFunctionFailure, logFunctionLines } from "../logging.ts";
import type { FunctionFailure, FunctionResult } from "./function_result.ts";
import type { ActionResponse, FunctionRequest, MutationResponse } from "./messages.ts";
import { decodeErrorData, decodeTimestamp, decodeValue } from "./wire_values.ts";

type Request = {
  message: FunctionRequest;
  requestedAt: Date;
  resolve: (result: FunctionResult) => void;
  status: // Waits for a socket that takes messages.
    | { name: "notSent" }
    // Sent, without a response.
    | { name: "sent" }
    // A mutation that was committed; its promise waits until the queries show it (P §2.2).
    | { name: "committed"; result: FunctionResult; timestamp: bigint };
};

/** Mutations and actions that callers are still waiting for, in the order they were asked for. */
export class Requests {
  #requests = new Map<number, Request>();
  #olderThanRestart = new Set<number>();
  #logger: Logger;
  #now: () => number;
  #onChange: () => void;

  /** `onChange` is called whenever a request comes, is sent again or goes. */
  constructor(logger: Logger, now: () => number, onChange: () => void) {
    this.#logger = logger;
    this.#now = now;
    this.#onChange = onChange;
  }

  /** Keeps track of a request; the promise never rejects. */
  add(message: FunctionRequest, sent: boolean): Promise<FunctionResult> {
    return new Promise((resolve) => {
      this.#requests.set(message.requestId, {
        message,
        requestedAt: new Date(this.#now()),
        resolve,
        status: { name: sent ? "sent" : "notSent" },
      });
      this.#onChange();
    });
  }

  /** Takes in a response; answers a mutation that failed, because its optimistic update ends now. */
  respond(
    response: MutationResponse | ActionResponse,
  ): { requestId: number; result: FunctionResult } | undefined {
    const { requestId } = response;
    const request = this.#requests.get(requestId);
    // Servers may repeat a response after a reconnect.
    if (request === undefined || request.status.name === "committed") return undefined;
    const kind = kindOf(request.message);
    const { udfPath } = request.message;
    const { logLines } = response;
    logFunctionLines(this.#logger, kind, udfPath, logLines);
    if (response.success) {
      const result: FunctionResult = { success: true, value: decodeValue(response.result), logLines };
      if (response.type === "MutationResponse") {
        request.status = { name: "committed", result, timestamp: decodeTimestamp(response.ts) };
      } else {
        this.#settle(requestId, request, result);
      }
      return undefined;
    }
    const result: FunctionFailure = {
      success: false,
      errorMessage: response.result,
      errorData: decodeErrorData(response.errorData),
      logLines,
    };
    logFunctionFailure(this.#logger, kind, udfPath, response.result);
    this.#settle(requestId, request, result);
    return response.type === "MutationResponse" ? { requestId, result } : undefined;
  }

  #settle(requestId: number, request: Request, result: FunctionResult): void {
    this.#requests.delete(requestId);
    this.#olderThanRestart.delete(requestId);
    request.resolve(result);
    this.#onChange();
  }

  /** Resolves the mutations that queries now show, being at `timestamp`. */
  settleCommitted(timestamp: bigint): Map<number, FunctionResult> {
    const settled = new Map<number, FunctionResult>();
    for (const [requestId, request] of this.#requests) {
      const { status } = request;
      if (status.name !== "committed" || status.timestamp > timestamp) continue;
      this.#settle(requestId, request, status.result);
      settled.set(requestId, status.result);
    }
    return settled;
  }

  /**
   * What to send on a new socket. Mutations go again, committed ones too, since
   * the server knows them by their ids; an action may already have had its
   * effects, so one that was sent fails instead (P §1.7).
   */
  restart(): FunctionRequest[] {
    const messages: FunctionRequest[] = [];
    for (const [requestId, request] of this.#requests) {
      const { message, status } = request;
      if (message.type === "Action" && status.name === "sent") {
        this.#settle(requestId, request, {
          success: false,
          errorMessage: "Connection lost while action was in flight",
          logLines: [],
        });
        continue;
      }
      if (status.name === "notSent") request.status = { name: "sent" };
      this.#olderThanRestart.add(requestId);
      messages.push(message);
    }
    this.#onChange();
    return messages;
  }

  /** What to send when a socket that stayed open is resumed. */
  resume(): FunctionRequest[] {
    const waiting = [...this.#requests.values()].filter(({ status }) => status.name === "notSent");
    for (const request of waiting) request.status = { name: "sent" };
    return waiting.map(({ message }) => message);
  }

  /** Whether everything that the current socket began with is done. */
  get settledSinceRestart(): boolean {
    return this.#olderThanRestart.size === 0;
  }

  get size(): number {
    return this.#requests.size;
  }

  /** Whether leaving the page now might lose a request. */
  get anySent(): boolean {
    return [...this.#requests.values()].some(({ status }) => status.name === "sent");
  }

  count(type: FunctionRequest["type"]): number {
    return [...this.#requests.values()].filter(({ message }) => message.type === type).length;
  }

  /** When the oldest request was made. */
  get oldest(): Date | null {
    // A Map keeps the order of insertion, which is the order of the requests.
    return this.#requests.values().next().value?.requestedAt ?? null;
  }
}

function kindOf(message: FunctionRequest): FunctionKind {
  return message.type === "Mutation" ? "mutation" : "action";
}
