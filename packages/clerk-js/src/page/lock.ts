/**
 * Does something while no other tab of this origin does the same. Without
 * `navigator.locks` (a page without HTTPS) tabs may do it at once: what is locked
 * here is work that two would merely do twice.
 */
export async function withLock<T>(name: string, work: () => Promise<T>): Promise<T> {
  return navigator.locks ? await navigator.locks.request(name, work) : await work();
}
