import { v } from "convex/values";
import { action, mutation, query } from "./_generated/server";

const loop = (): null => {
  for (;;) {
    // What this does is take up time.
  }
};

const allocate = (): number => {
  const held: number[][] = [];
  while (true) held.push(new Array(100).fill(1));
};

export const loopInQuery = query({ args: {}, handler: loop });
export const loopInMutation = mutation({ args: {}, handler: loop });
export const allocateInQuery = query({ args: {}, handler: allocate });
export const allocateInMutation = mutation({ args: {}, handler: allocate });
export const allocateInAction = action({ args: {}, handler: allocate });

/** One huge piece instead of many small ones. */
export const allocateAtOnce = query({
  args: {},
  handler: () => {
    const held: ArrayBuffer[] = [];
    while (true) held.push(new ArrayBuffer(64 * 1024 * 1024));
  },
});

export const neverInQuery = query({ args: {}, handler: () => new Promise<null>(() => {}) });
export const neverInMutation = mutation({ args: {}, handler: () => new Promise<null>(() => {}) });

export const recurse = query({
  args: {},
  handler: () => {
    const again = (n: number): number => 1 + again(n + 1);
    return again(0);
  },
});

/** Throws what is no error. */
export const throwOddly = query({
  args: { what: v.string() },
  handler: (_ctx, { what }) => {
    switch (what) {
      case "null":
        throw null;
      case "undefined":
        throw undefined;
      case "text":
        throw "just text";
      case "number":
        throw 42;
      case "proxy":
        throw new Proxy(
          {},
          {
            get() {
              throw new Error("do not look");
            },
          },
        );
      case "getter":
        throw Object.defineProperty(new Error("hidden"), "message", {
          get() {
            throw new Error("no message for you");
          },
        });
      default:
        throw Object.create(null);
    }
  },
});

export const rejectLater = mutation({
  args: {},
  returns: v.null(),
  handler: async () => {
    void Promise.reject(new Error("nobody waits for this"));
    return null;
  },
});
