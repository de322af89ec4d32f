import type ivm from "isolated-vm";
import type { FunctionsVersion } from "../lanes/lane.ts";
import { resolveModule } from "../modules/link.ts";

/** Compiles a module and all it imports, and evaluates them: fresh for each action. */
export async function evaluateModule(
  isolate: ivm.Isolate,
  context: ivm.Context,
  version: FunctionsVersion,
  path: string,
): Promise<ivm.Module> {
  const sources = new Map(version.modules.map((module) => [module.path, module.source]));
  const paths = new Set(sources.keys());
  const compiled = new Map<string, Promise<ivm.Module>>();
  const pathOf = new Map<ivm.Module, string>();

  function compile(modulePath: string, importer: string | null): Promise<ivm.Module> {
    const known = compiled.get(modulePath);
    if (known !== undefined) return known;
    const source = sources.get(modulePath);
    if (source === undefined) {
      const by = importer === null ? "" : `, which "${importer}" imports`;
      return Promise.reject(
        new Error(`Couldn't find the module "${modulePath}"${by}. It is not part of what was pushed.`),
      );
    }
    const module = isolate.compileModule(source, { filename: `convex:/${modulePath}` });
    compiled.set(modulePath, module);
    return module.then((one) => {
      pathOf.set(one, modulePath);
      return one;
    });
  }

  const entry = await compile(path, null);
  await entry.instantiate(context, (specifier, referrer) => {
    const importer = pathOf.get(referrer) ?? path;
    return compile(resolveModule(importer, specifier, paths) ?? specifier, importer);
  });
  await entry.evaluate();
  return entry;
}
