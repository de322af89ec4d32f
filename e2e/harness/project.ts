import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** Which package an app takes under the name `convex`. */
export type ConvexPackage = "convex-genuine" | "@tandem/convex";

/** Where each of the two packages is. */
export const packageFolder: Record<ConvexPackage, string> = {
  "convex-genuine": join(root, "node_modules/convex-genuine"),
  "@tandem/convex": join(root, "packages/convex"),
};

/** A copy of an app in a folder of its own, which may be changed and is removed at the end. */
export interface ProjectCopy extends Disposable {
  readonly root: string;
}

/** Copies an app of this repository out of it, with its packages linked and `convex` being the one given. */
export function copyProject(
  app: "e2e/app" | "examples/chat" | "examples/react-vite",
  convex: ConvexPackage,
): ProjectCopy {
  const copy = mkdtempSync(join(tmpdir(), "tandem-app-"));
  cpSync(join(root, app), copy, {
    recursive: true,
    filter: (file) => !/[\\/](node_modules|\.tandem|dist|\.env\.local)$/.test(file),
  });
  const modules = join(copy, "node_modules");
  mkdirSync(modules);
  for (const name of readdirSync(join(root, "node_modules"))) {
    if (name !== "convex" && name !== "convex-genuine" && name !== ".package-lock.json") {
      symlinkSync(join(root, "node_modules", name), join(modules, name));
    }
  }
  symlinkSync(packageFolder[convex], join(modules, "convex"));
  return {
    root: copy,
    [Symbol.dispose]() {
      rmSync(copy, { recursive: true, force: true });
    },
  };
}
