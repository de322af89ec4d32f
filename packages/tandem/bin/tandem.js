#!/usr/bin/env node
import { existsSync } from "node:fs";

const program = new URL("../dist/main.js", import.meta.url);
if (!existsSync(program)) {
  console.error("tandem has not been built yet: run `npm run build` in the repository's root.");
  process.exit(1);
}
const [major] = process.versions.node.split(".").map(Number);
if (major < 24) {
  console.error(
    `tandem needs Node 24 or newer, this is ${process.version}. ` +
      "Install it, or let npm provide it: `npm install --save-dev node@24`, then `npx tandem start`.",
  );
  process.exit(1);
}
await import(program.href);
