const reserved = new Set(
  (
    "break case catch class const continue debugger default delete do else export extends false finally for " +
    "function if import in instanceof new null return super switch this throw true try typeof var void while " +
    "with let static yield await enum implements interface package private protected public " +
    "fullApi api internal components"
  ).split(" "),
);

/** Names for the imported modules of `api.d.ts`, distinct even where `a/b` and `a_b` both exist. */
export function moduleIdentifiers(modules: readonly string[]): Map<string, string> {
  const names = new Map<string, string>();
  const taken = new Set<string>();
  for (const module of modules) {
    let name = module.replace(/[^A-Za-z0-9_$]/g, "_");
    if (/^[0-9]/.test(name)) name = `_${name}`;
    if (reserved.has(name)) name += "_";
    while (taken.has(name)) name += "_";
    taken.add(name);
    names.set(module, name);
  }
  return names;
}
