import type { ReactNode } from "react";

/** Tells password managers whose password a form asks for; people do not see it. */
export function UnseenIdentifier({ identifier }: { readonly identifier: string | null }): ReactNode {
  return (
    <input
      className="cl-unseen"
      type="text"
      name="identifier"
      autoComplete="username"
      value={identifier ?? ""}
      readOnly
      tabIndex={-1}
      aria-hidden="true"
    />
  );
}
