import { v } from "@tandem/values";
import { systemQuery } from "../system_query.ts";

/** The developer's variables by name. */
export const listVariables = systemQuery({
  path: "_system/cli/queryEnvironmentVariables:default",
  operation: "ViewEnvironmentVariables",
  args: {},
  run: ({ snapshot, environment }) =>
    [...environment.read(snapshot)].map(([name, value]) => ({ name, value })),
});

/** One variable, or `null`. */
export const getVariable = systemQuery({
  path: "_system/cli/queryEnvironmentVariables:get",
  operation: "ViewEnvironmentVariables",
  args: { name: v.string() },
  run({ snapshot, environment }, { name }) {
    const value = environment.read(snapshot).get(name);
    return value === undefined ? null : { name, value };
  },
});
