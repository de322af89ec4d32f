import type { JSONValue } from "@tandem/values";
import { callArguments } from "./abi/call_arguments.ts";
import { getFunctionAddress, getFunctionName } from "./api.ts";
import type { OptionalRestArgs } from "./function_reference.ts";
import type { AnySchedulable } from "./scheduler.ts";

type DayOfWeek = "sunday" | "monday" | "tuesday" | "wednesday" | "thursday" | "friday" | "saturday";

/** The time between two runs: a whole number, in one unit. */
export type Interval =
  | { seconds: number; minutes?: undefined; hours?: undefined }
  | { minutes: number; seconds?: undefined; hours?: undefined }
  | { hours: number; seconds?: undefined; minutes?: undefined };

/** Minute 0 to 59; one that spreads load is chosen when it is left out. */
export type Hourly = { minuteUTC?: number };

/** Hour 0 to 23. */
export type Daily = { hourUTC: number; minuteUTC?: number };

export type Weekly = { dayOfWeek: DayOfWeek; hourUTC: number; minuteUTC?: number };

/** Day 1 to 31; months without that day are skipped. */
export type Monthly = { day: number; hourUTC: number; minuteUTC?: number };

/** When a job runs (R §3.7). */
export type Schedule =
  | { type: "cron"; cron: string }
  | { type: "interval"; seconds: number }
  | { type: "interval"; minutes: number }
  | { type: "interval"; hours: number }
  | ({ type: "hourly" } & Hourly)
  | ({ type: "daily" } & Daily)
  | ({ type: "weekly" } & Weekly)
  | ({ type: "monthly" } & Monthly);

/** A recurring job as it is pushed. */
export interface CronJob {
  /** The function's name. */
  name: string;
  /** An array of one arguments object, encoded. */
  args: JSONValue;
  schedule: Schedule;
}

function wholeNumber(value: unknown, what: string, lowest: number, highest: number): number {
  if (!Number.isInteger(value) || (value as number) < lowest || (value as number) > highest) {
    const range = highest === Infinity ? `${lowest} or more` : `${lowest} to ${highest}`;
    throw new Error(`The ${what} of a cron job must be a whole number, ${range}, but got ${String(value)}.`);
  }
  return value as number;
}

/** The hour and minute of a schedule, checked; the minute is left out when it is not given. */
function timeOfDay({ hourUTC, minuteUTC }: Daily): Daily {
  return { hourUTC: wholeNumber(hourUTC, "hour", 0, 23), ...minuteOfHour({ minuteUTC }) };
}

function minuteOfHour({ minuteUTC }: { minuteUTC?: number | undefined }): Hourly {
  return minuteUTC === undefined ? {} : { minuteUTC: wholeNumber(minuteUTC, "minute", 0, 59) };
}

function dayOfWeek(day: DayOfWeek): DayOfWeek {
  switch (day) {
    case "sunday":
    case "monday":
    case "tuesday":
    case "wednesday":
    case "thursday":
    case "friday":
    case "saturday":
      return day;
    default:
      throw new Error(
        `The day of a weekly cron job must be the lower-case English name of one, like "monday", but got ${String(day satisfies never)}.`,
      );
  }
}

function isReference(value: unknown): boolean {
  try {
    getFunctionAddress(value);
    return true;
  } catch {
    // What is no reference is a schedule: `hourly` takes either.
    return false;
  }
}

/** The recurring jobs of an app, by name. Made by {@link cronJobs}. */
export class Crons {
  crons: Record<string, CronJob> = {};
  isCrons = true as const;

  /** Runs a function again and again, with a time between runs. */
  interval<FuncRef extends AnySchedulable>(
    cronIdentifier: string,
    schedule: Interval,
    functionReference: FuncRef,
    ...args: OptionalRestArgs<FuncRef>
  ): void {
    const given = [schedule.seconds, schedule.minutes, schedule.hours].filter(
      (amount) => amount !== undefined,
    );
    if (given.length !== 1) {
      throw new Error(
        `The interval of "${cronIdentifier}" must be in exactly one of seconds, minutes and hours.`,
      );
    }
    wholeNumber(given[0], "interval", 1, Infinity);
    this.schedule(cronIdentifier, { ...schedule, type: "interval" } as Schedule, functionReference, args[0]);
  }

  /** Runs a function every hour, at a minute (UTC). */
  hourly<FuncRef extends AnySchedulable>(
    cronIdentifier: string,
    functionReference: FuncRef,
    ...args: OptionalRestArgs<FuncRef>
  ): void;
  hourly<FuncRef extends AnySchedulable>(
    cronIdentifier: string,
    schedule: Hourly,
    functionReference: FuncRef,
    ...args: OptionalRestArgs<FuncRef>
  ): void;
  hourly(cronIdentifier: string, first: unknown, second?: unknown, third?: unknown): void {
    if (isReference(first)) {
      this.schedule(cronIdentifier, { type: "hourly" }, first as AnySchedulable, second);
    } else {
      const schedule: Schedule = { ...minuteOfHour(first as Hourly), type: "hourly" };
      this.schedule(cronIdentifier, schedule, second as AnySchedulable, third);
    }
  }

  /** Runs a function every day, at a time (UTC). */
  daily<FuncRef extends AnySchedulable>(
    cronIdentifier: string,
    schedule: Daily,
    functionReference: FuncRef,
    ...args: OptionalRestArgs<FuncRef>
  ): void {
    this.schedule(cronIdentifier, { ...timeOfDay(schedule), type: "daily" }, functionReference, args[0]);
  }

  /** Runs a function every week, on a day at a time (UTC). */
  weekly<FuncRef extends AnySchedulable>(
    cronIdentifier: string,
    schedule: Weekly,
    functionReference: FuncRef,
    ...args: OptionalRestArgs<FuncRef>
  ): void {
    const when = { dayOfWeek: dayOfWeek(schedule.dayOfWeek), ...timeOfDay(schedule) };
    this.schedule(cronIdentifier, { ...when, type: "weekly" }, functionReference, args[0]);
  }

  /** Runs a function every month that has the day, on that day at a time (UTC). */
  monthly<FuncRef extends AnySchedulable>(
    cronIdentifier: string,
    schedule: Monthly,
    functionReference: FuncRef,
    ...args: OptionalRestArgs<FuncRef>
  ): void {
    const when = { day: wholeNumber(schedule.day, "day", 1, 31), ...timeOfDay(schedule) };
    this.schedule(cronIdentifier, { ...when, type: "monthly" }, functionReference, args[0]);
  }

  /** Runs a function when a crontab expression says so: minute, hour, day, month, day of the week (0 is Sunday), in UTC. */
  cron<FuncRef extends AnySchedulable>(
    cronIdentifier: string,
    cron: string,
    functionReference: FuncRef,
    ...args: OptionalRestArgs<FuncRef>
  ): void {
    this.schedule(cronIdentifier, { cron, type: "cron" }, functionReference, args[0]);
  }

  private schedule(identifier: string, schedule: Schedule, reference: AnySchedulable, args: unknown): void {
    const encoded = callArguments(args);
    if (!/^[ -~]*$/.test(identifier)) {
      throw new Error(
        `The name of a cron job may hold printable ASCII characters only, but got "${identifier}".`,
      );
    }
    if (Object.hasOwn(this.crons, identifier)) {
      throw new Error(`There are two cron jobs with the name "${identifier}". Give each a name of its own.`);
    }
    const job: CronJob = { name: getFunctionName(reference), args: [encoded], schedule };
    // A new object and no assignment: any name may be given, also one that every object inherits.
    this.crons = { ...this.crons, [identifier]: job };
  }

  /** @internal The jobs as they are pushed: JSON text. */
  export(): string {
    return JSON.stringify(this.crons);
  }
}

/**
 * Begins the list of an app's recurring jobs, in `convex/crons.ts`.
 *
 * ```ts
 * const crons = cronJobs();
 * crons.interval("clear presence", { seconds: 30 }, internal.presence.clear);
 * export default crons;
 * ```
 */
export const cronJobs = (): Crons => new Crons();
