import {
  type AnalyzedCron,
  ApiError,
  type CronSchedule,
  canonicalFunctionPath,
  parseFunctionPath,
} from "@tandem/protocol";
import { z } from "zod";

const DAYS = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];

const hourUTC = z.number().int().min(0).max(23);
const minuteUTC = z.number().int().min(0).max(59);

const schedule = z.union([
  z.strictObject({ type: z.literal("interval"), seconds: z.number().int().positive() }),
  z.strictObject({ type: z.literal("interval"), minutes: z.number().int().positive() }),
  z.strictObject({ type: z.literal("interval"), hours: z.number().int().positive() }),
  z.object({ type: z.literal("hourly"), minuteUTC: minuteUTC.optional() }),
  z.object({ type: z.literal("daily"), hourUTC, minuteUTC: minuteUTC.optional() }),
  z.object({ type: z.literal("weekly"), dayOfWeek: z.enum(DAYS), hourUTC, minuteUTC: minuteUTC.optional() }),
  z.object({
    type: z.literal("monthly"),
    day: z.number().int().min(1).max(31),
    hourUTC,
    minuteUTC: minuteUTC.optional(),
  }),
  z.object({ type: z.literal("cron"), cron: z.string() }),
]);

const identifier = z.string().regex(/^[\x20-\x7e]+$/, "a cron's name must be printable ASCII");
const exported = z.record(identifier, z.object({ name: z.string(), args: z.array(z.unknown()), schedule }));

/** The analysed form of what `crons.ts` exports, JSON text (R §3.7). Throws `InvalidCron`. */
export function parseCrons(json: string): AnalyzedCron[] {
  const parsed = exported.safeParse(JSON.parse(json));
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    throw new ApiError("BadRequest", "InvalidCron", `crons.ts: ${issue.path.join(".")}: ${issue.message}`);
  }
  return Object.entries(parsed.data).map(([identifier, { name, args, schedule: when }]) => ({
    identifier,
    spec: {
      udfPath: canonicalFunctionPath(parseFunctionPath(name)),
      udfArgs: [...new TextEncoder().encode(JSON.stringify(args))],
      cronSchedule: analyzed(when),
    },
  }));
}

function analyzed(when: z.infer<typeof schedule>): CronSchedule {
  switch (when.type) {
    case "interval":
      if ("seconds" in when) {
        return when;
      }
      return { type: "interval", seconds: "minutes" in when ? when.minutes * 60 : when.hours * 3600 };
    case "weekly":
      return { ...when, dayOfWeek: DAYS.indexOf(when.dayOfWeek) };
    case "cron":
      return { type: "cron", cronExpr: when.cron };
    case "hourly":
    case "daily":
    case "monthly":
      return when;
    default:
      return when satisfies never;
  }
}
