import { queryGeneric as query } from "convex/server";

export const text = query({ args: {}, handler: async () => "version 0" });
