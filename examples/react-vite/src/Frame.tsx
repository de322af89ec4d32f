// Not in the guide: a title, and what the page shows.
import type { ReactNode } from "react";

export function Frame({ children }: { children: ReactNode }) {
  return (
    <>
      <header>
        <h1>Notes to self</h1>
        <p>
          Signed in by Tandem's identity server, live from Tandem's backend: open a second window and watch
          both.
        </p>
      </header>
      <section className="card">{children}</section>
    </>
  );
}
