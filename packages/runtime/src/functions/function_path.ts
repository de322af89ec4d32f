/** `dir/mod:fn` or `dir/mod` → `dir/mod.js:fn` (R §1.4). */
export function canonicalFunctionPath(name: string): string {
  const { module, name: fn } = splitFunctionPath(name);
  return `${module}:${fn}`;
}

/** The module's path with `.js`, and the export; a path without an export means `default`. */
export function splitFunctionPath(path: string): { module: string; name: string } {
  const colon = path.lastIndexOf(":");
  const module = colon === -1 ? path : path.slice(0, colon);
  const name = colon === -1 ? "default" : path.slice(colon + 1);
  return { module: module.endsWith(".js") ? module : `${module}.js`, name };
}

/** As people read it: without `.js`, and without `:default`. */
export function displayFunctionPath(path: string): string {
  const { module, name } = splitFunctionPath(path);
  const short = module.slice(0, -".js".length);
  return name === "default" ? short : `${short}:${name}`;
}
