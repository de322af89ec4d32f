/** The icon of the server's own pages, as a `link` for their head: without one, browsers ask for a file. */
export const ICON_LINK = `<link rel="icon" href="data:image/svg+xml,${encodeURIComponent(
  "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'><rect width='32' height='32' rx='9' fill='#0f7a68'/>" +
    "<path d='M9 11h14M16 11v12' stroke='#fff' stroke-width='3' stroke-linecap='round'/></svg>",
)}">`;
