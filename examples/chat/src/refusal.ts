import { ConvexError } from "convex/values";

/** What to tell the user: a function's own words if it refused, otherwise what went wrong. */
export function refusal(error: unknown): string {
  if (error instanceof ConvexError) {
    return (error.data as { message: string }).message;
  }
  return `That did not work: ${error instanceof Error ? error.message : String(error)}`;
}
