import { ConvexError, type JSONValue, jsonToConvex, type Value } from "@tandem/values";

/** What the host puts into an isolate for this package to speak to: text in, text out (R §1.3). */
interface Host {
  syscall(op: string, argsJson: string): string;
  asyncSyscall(op: string, argsJson: string): Promise<string>;
  jsSyscall(op: string, args: Record<string, unknown>): unknown;
}

/** @throws Error when this code does not run in a function of the backend. */
function host<Name extends keyof Host>(name: Name): Pick<Host, Name> {
  const found = (globalThis as { Convex?: Host }).Convex;
  if (found?.[name] === undefined) {
    throw new Error(
      "There is no backend here: `ctx`, its database and its auth exist only while a query, mutation or action runs. A client calls functions with `useQuery`, `useMutation` or a ConvexClient.",
    );
  }
  return found;
}

/** Turns a rejection of the host into the error that user code sees: its text, and its data when it carries some. */
function rethrow(rejection: unknown): never {
  const { message, data } = rejection as { message: string; data?: JSONValue };
  if (data === undefined) throw new Error(message);
  const error = new ConvexError<Value>(message);
  error.data = jsonToConvex(data);
  throw error;
}

const parse = JSON.parse as (text: string) => unknown;

/** A call that the host answers at once. */
export function syscall(op: string, args: object): unknown {
  return parse(host("syscall").syscall(op, JSON.stringify(args)));
}

/**
 * A call that the host answers later. Fields that are `undefined` are left out of what is sent.
 *
 * @returns The answer's JSON, parsed but not decoded.
 */
export function asyncSyscall(op: string, args: object): Promise<unknown> {
  return asyncSyscallOfJson(op, JSON.stringify(args));
}

/** As {@link asyncSyscall}, for arguments that are sent many times and so are made JSON once. */
export function asyncSyscallOfJson(op: string, argsJson: string): Promise<unknown> {
  // `then` with two handlers costs one promise where an async function with a try block costs two.
  return host("asyncSyscall").asyncSyscall(op, argsJson).then(parse, rethrow);
}

/**
 * As {@link asyncSyscall}, read by `read`. For functions that are not `async` themselves, which costs a promise and
 * several turns less: what they throw before, they answer as a rejection.
 */
export function answeredSyscall<Answer>(
  op: string,
  args: object,
  read: (text: string) => Answer,
): Promise<Answer> {
  return host("asyncSyscall").asyncSyscall(op, JSON.stringify(args)).then(read, rethrow);
}

/** A call that passes objects of the isolate and not text: streams, blobs, requests, responses. */
export function jsSyscall(op: string, args: Record<string, unknown>): unknown {
  return host("jsSyscall").jsSyscall(op, args);
}
