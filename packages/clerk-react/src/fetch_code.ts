/** Milliseconds: whoever comes back to a network after an hour should not wait for another one. */
const LONGEST_DELAY = 30_000;

/**
 * Fetches code until it comes, ever more slowly: without a network for a moment, a component comes late rather than
 * taking the app's whole page down.
 *
 * @param delay - milliseconds until it is tried again
 */
export function fetchCode<Code>(load: () => Promise<Code>, delay = 1000): Promise<Code> {
  return load().catch(async (error) => {
    console.error(error);
    await new Promise((resolve) => setTimeout(resolve, delay));
    return fetchCode(load, Math.min(delay * 2, LONGEST_DELAY));
  });
}
