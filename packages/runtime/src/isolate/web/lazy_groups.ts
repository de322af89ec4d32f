import { freezeLate } from "./freeze_late.ts";

/**
 * The heavy Web APIs. Each group is evaluated when it is first used: most queries and mutations use none, and a
 * context that holds them all costs more than twice as much to make.
 *
 * The bundler turns these `require`s into functions that evaluate the module once per context.
 */
let depth = 0;
const loaded = new Set<object>();

function once<Group extends object>(load: () => Group): () => Group {
  let group: Group | undefined;
  return () => {
    if (group !== undefined) return group;
    depth += 1;
    try {
      group = load();
      loaded.add(group);
    } finally {
      depth -= 1;
    }
    // Libraries ask for globals while they are evaluated: only when the outermost is done is everything there.
    if (depth === 0) {
      if (Object.isFrozen(globalThis)) for (const one of loaded) freezeLate(Object.values(one));
      loaded.clear();
    }
    return group;
  };
}

export const encodings = once(() => require("./encoding.ts") as typeof import("./encoding.ts"));
export const urls = once(() => require("./url.ts") as typeof import("./url.ts"));
export const streams = once(() => require("./streams.ts") as typeof import("./streams.ts"));
export const network = once(() => require("./network.ts") as typeof import("./network.ts"));
export const cryptography = once(() => require("./crypto.ts") as typeof import("./crypto.ts"));
