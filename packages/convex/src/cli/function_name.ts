import { existsSync } from "node:fs";
import path from "node:path";
import { Failure } from "./failure.ts";
import type { Project } from "./project/config.ts";

const extension = /\.([cm]?[jt]s|[jt]sx)$/;
const extensions = [".ts", ".js", ".tsx", ".jsx", ".mts", ".mjs", ".cts", ".cjs"];

/**
 * The canonical name (`dir/module:function`) of a function that a user named: `api.dir.module.function`,
 * `dir/module:function`, `dir/module` for the default export, or with the path of the file from the project.
 */
export function parseFunctionName(name: string, project: Project): string {
  if (name.startsWith("api.") || name.startsWith("internal.")) {
    const parts = name.split(".").slice(1);
    const last = parts.pop();
    if (parts.length === 0 || last === undefined) {
      throw new Failure(`"${name}" names no function. Write it like api.messages.list, or messages:list.`);
    }
    return `${parts.join("/")}:${last}`;
  }
  const [file = "", exported = "default"] = name.split(":");
  const { functions } = project.config;
  const bare = file.replace(extension, "");
  if (!file.startsWith(functions)) return `${bare}:${exported}`;
  // `convex/foo` may also mean the module `foo` in a folder of that name within the functions folder.
  const nested = extension.test(file)
    ? existsSync(path.join(project.functionsDir, file))
    : extensions.some((one) => existsSync(path.join(project.functionsDir, file + one)));
  return `${nested ? bare : bare.slice(functions.length)}:${exported}`;
}
