/** The custom properties that a theme is made of. What is between them (hover, lines, tints) is mixed from them. */
const LIGHT = `
--cl-scheme:light;
--cl-primary:#1b1d24;
--cl-on-primary:#fff;
--cl-danger:#c9263c;
--cl-success:#11804f;
--cl-warning:#a45a08;
--cl-neutral:#16181d;
--cl-text:#17191f;
--cl-text-muted:#62666f;
--cl-background:#fff;
--cl-input:#fff;
--cl-ring:#3f6df0;
--cl-shadow:#10131c;
--cl-backdrop:rgb(14 16 22 / .5);
--cl-edge:rgb(255 255 255 / .14);
`;

const DARK = `
--cl-scheme:dark;
--cl-primary:#f2f3f5;
--cl-on-primary:#15171c;
--cl-danger:#ff7a85;
--cl-success:#4fce94;
--cl-warning:#f0ac55;
--cl-neutral:#fff;
--cl-text:#f1f2f4;
--cl-text-muted:#9ba0aa;
--cl-background:#191b20;
--cl-input:#202329;
--cl-ring:#7c9dff;
--cl-shadow:#000;
--cl-backdrop:rgb(0 0 0 / .65);
--cl-edge:rgb(255 255 255 / .5);
`;

/** Light, dark, and whichever of them the reader's system asks for. */
export const palette = `
.cl-rootBox{${LIGHT}
--cl-input-text:var(--cl-text);
--cl-muted:color-mix(in srgb,var(--cl-neutral) 4.5%,var(--cl-background));
--cl-border:color-mix(in srgb,var(--cl-neutral) 13%,transparent);
--cl-shimmer:color-mix(in srgb,var(--cl-neutral) 8%,transparent);
--cl-font:inherit;
--cl-font-buttons:var(--cl-font);
--cl-size:.875rem;
--cl-radius:.5rem;
--cl-space:1rem;
--cl-weight-normal:400;
--cl-weight-medium:500;
--cl-weight-semibold:600;
--cl-weight-bold:700;
}
.cl-rootBox[data-scheme=dark]{${DARK}}
@media (prefers-color-scheme:dark){.cl-rootBox[data-scheme=auto]{${DARK}}}
`;
