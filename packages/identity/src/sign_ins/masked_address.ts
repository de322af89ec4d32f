/**
 * An e-mail address as it is shown to somebody who has yet to prove whose account it is: its owner recognises it, others
 * cannot write to it. `ada@example.com` → `a***@e***.com`.
 */
export function maskedAddress(address: string): string {
  const at = address.lastIndexOf("@");
  const domain = address.slice(at + 1);
  const dot = domain.lastIndexOf(".");
  const ending = dot < 0 ? "" : domain.slice(dot);
  return `${first(address.slice(0, at))}***@${first(domain)}***${ending}`;
}

/** A character may be two code units. */
function first(text: string): string {
  return [...text][0] ?? "";
}
