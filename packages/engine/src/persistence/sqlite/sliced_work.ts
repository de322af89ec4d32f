/** Work that may pause between slices: `next` does one slice and says when it was the last. */
export type SlicedWork<T> = Generator<undefined, T, undefined>;

/** Rows at random places that a slice changes at most: a few milliseconds, even when their pages have to be fetched. */
export const SLICE_ROWS = 128;

/** Rows beside each other that a slice changes at most. */
export const SLICE_NEIGHBOURS = 512;
