import { requireAction, tellHost } from "./bridge.ts";

interface Timer {
  readonly callback: (...parameters: unknown[]) => void;
  readonly parameters: unknown[];
  readonly interval: number | null;
}

let nextTimer = 1;
let timers = new Map<number, Timer>();

/** Forgets the timers of the call before. */
export function resetTimers(): void {
  if (timers.size > 0) timers = new Map();
}

function start(
  what: string,
  callback: unknown,
  delay: unknown,
  repeat: boolean,
  parameters: unknown[],
): number {
  requireAction(what);
  if (typeof callback !== "function")
    throw new TypeError(`${what} needs a function, not ${typeof callback}.`);
  const milliseconds = Math.min(Math.max(Number(delay) || 0, 0), 0x7fffffff);
  const id = nextTimer++;
  timers.set(id, {
    callback: callback as Timer["callback"],
    parameters,
    interval: repeat ? Math.max(milliseconds, 1) : null,
  });
  tellHost("timer", JSON.stringify([id, milliseconds]));
  return id;
}

/** Actions only (R §2.1). Milliseconds. */
export function setTimeout(callback: unknown, delay?: unknown, ...parameters: unknown[]): number {
  return start("setTimeout", callback, delay, false, parameters);
}

export function setInterval(callback: unknown, delay?: unknown, ...parameters: unknown[]): number {
  return start("setInterval", callback, delay, true, parameters);
}

export function clearTimeout(id?: unknown): void {
  if (timers.delete(Number(id))) tellHost("timer.clear", String(Number(id)));
}

export const clearInterval = clearTimeout;

/** The host says that a timer's time has come. */
export function fireTimer(id: number): void {
  const timer = timers.get(id);
  if (timer === undefined) return;
  if (timer.interval === null) timers.delete(id);
  else tellHost("timer", JSON.stringify([id, timer.interval]));
  timer.callback.apply(undefined, timer.parameters);
}
