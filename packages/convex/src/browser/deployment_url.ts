/**
 * Checks the address a client was given before anything is built on it (P §2.3).
 *
 * @throws Error naming the address and what is wrong with it.
 */
export function checkDeploymentUrl(address: string): void {
  const fault = (reason: string) => new Error(`Invalid deployment address: ${reason} Found "${address}".`);
  // Undefined mostly means an environment variable that is not set.
  if (typeof address !== "string") throw fault("it must be a string. Is its environment variable set?");
  if (!/^https?:/.test(address)) throw fault('Must start with "https://" or "http://".');
  try {
    new URL(address);
  } catch {
    throw fault("it is not a valid URL.");
  }
  if (address.endsWith(".convex.site"))
    throw fault(".convex.site is for HTTP actions; use the .convex.cloud address.");
}
