/** Whether the page is inside a page of another origin. */
export function isEmbedded(): boolean {
  try {
    return window.top !== window.self && window.top?.location.origin !== location.origin;
  } catch {
    // Only a page of another origin forbids the question.
    return true;
  }
}
