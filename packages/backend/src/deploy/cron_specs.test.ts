import { expect, it } from "vitest";
import { parseCrons } from "./cron_specs.ts";

const one = (schedule: object) =>
  parseCrons(JSON.stringify({ tick: { name: "a/b:run", args: [{ n: 1 }], schedule } }));

it("crons come out in the form in which they are stored", () => {
  expect(one({ type: "interval", minutes: 5 })).toEqual([
    {
      identifier: "tick",
      spec: {
        udfPath: "a/b.js:run",
        udfArgs: [...Buffer.from('[{"n":1}]')],
        cronSchedule: { type: "interval", seconds: 300 },
      },
    },
  ]);
  const scheduled = (schedule: object) => one(schedule)[0]!.spec.cronSchedule;
  expect(scheduled({ type: "weekly", dayOfWeek: "monday", hourUTC: 3 })).toEqual({
    type: "weekly",
    dayOfWeek: 1,
    hourUTC: 3,
  });
  expect(scheduled({ type: "daily", hourUTC: 3, minuteUTC: 0 })).toEqual({
    type: "daily",
    hourUTC: 3,
    minuteUTC: 0,
  });
  expect(scheduled({ type: "cron", cron: "0 9 * * 1" })).toEqual({ type: "cron", cronExpr: "0 9 * * 1" });
});

it.each([
  [{ type: "interval", minutes: 5, hours: 1 }],
  [{ type: "interval" }],
  [{ type: "interval", seconds: 0 }],
  [{ type: "daily", hourUTC: 24 }],
  [{ type: "monthly", day: 0, hourUTC: 1 }],
])("a cron with the schedule %j is refused", (schedule) => {
  expect(() => one(schedule)).toThrow(expect.objectContaining({ code: "InvalidCron" }));
});
