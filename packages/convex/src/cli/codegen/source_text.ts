/** The comment at the top of every generated file. `about` says what the file is. */
export function header(about: string): string {
  return [
    "/* eslint-disable */",
    "/* biome-ignore-all format: generated */",
    "/**",
    ` * ${about}`,
    " *",
    " * Generated: changes made here get lost. Run `npx convex dev` or `npx convex codegen` to bring it up to date.",
    " * @module",
    " */",
    "",
  ].join("\n");
}

/** Puts a block of lines one or more levels deeper. */
export function indent(text: string, levels = 1): string {
  const space = "  ".repeat(levels);
  return text
    .split("\n")
    .map((line) => (line === "" ? line : space + line))
    .join("\n");
}

/** A doc comment. */
export function doc(...lines: string[]): string {
  return lines.length === 1
    ? `/** ${lines[0]} */`
    : ["/**", ...lines.map((line) => (line === "" ? " *" : ` * ${line}`)), " */"].join("\n");
}

/** A name as an object key: bare if it may be, quoted otherwise. */
export function propertyKey(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
}
