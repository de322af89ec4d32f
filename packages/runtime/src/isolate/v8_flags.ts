import { setFlagsFromString } from "node:v8";

/**
 * Must run before the first isolate is made; flags count for the whole process.
 *
 * V8 13.6 leaves the interrupt check out of loops that it believes to be short (part of its loop unrolling). It
 * takes `while (true) { new Array(1000).fill(1) }` for one: the inlined fill is mistaken for the loop's own bound.
 * Such a loop then hears neither the time limit nor the memory limit, and the process dies after some seconds.
 * Without unrolling every loop keeps its check; nothing else measurable changes (of the flags tried, only this one,
 * `--no-use-osr` and `--no-turbofan` help, and the last two cost a great deal).
 */
setFlagsFromString("--no-turboshaft-loop-unrolling");
