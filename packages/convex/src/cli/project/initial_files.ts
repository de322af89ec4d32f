import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Project } from "./config.ts";

/** Recent compilers include `@types/node`, which declares `process.env`, only when told to. */
const tsconfig = (withNodeTypes: boolean): string => `{
  // How TypeScript checks the functions in this folder. \`npx convex dev\` uses it too.
  "compilerOptions": {
    // These may be changed.
    "allowJs": true,
    "strict": true,
    "jsx": "react-jsx",
    "skipLibCheck": true,
    "allowSyntheticDefaultImports": true,

    // These describe where the functions run and how they are bundled: keep them.
    "target": "ESNext",
    "lib": ["ES2023", "dom"],
    "module": "ESNext",
    "moduleResolution": "Bundler",
    "forceConsistentCasingInFileNames": true,
    "isolatedModules": true,
    "noEmit": true${withNodeTypes ? ',\n    "types": ["node"]' : ""}
  },
  "include": ["./**/*"],
  "exclude": ["./_generated"]
}
`;

const readme = `# Backend functions

Every file in this folder is a module of your backend, and every query, mutation, action and HTTP action it
exports can be called. \`npx convex dev\` pushes each change and keeps \`_generated/\` up to date.

A query reads, and is live wherever a client shows it:

\`\`\`ts
// tasks.ts
import { v } from "convex/values";
import { mutation, query } from "./_generated/server";

export const list = query({
  args: {},
  handler: (ctx) => ctx.db.query("tasks").collect(),
});
\`\`\`

A mutation writes, all or nothing:

\`\`\`ts
export const add = mutation({
  args: { text: v.string() },
  handler: (ctx, { text }) => ctx.db.insert("tasks", { text }),
});
\`\`\`

In React:

\`\`\`tsx
const tasks = useQuery(api.tasks.list);
const add = useMutation(api.tasks.add);
\`\`\`

From a terminal: \`npx convex run tasks:add '{"text": "Buy milk"}'\`.
`;

/**
 * Creates the functions folder with its `tsconfig.json` and, in a new folder, a README. Existing files
 * stay unless `overwrite`. Returns the files written, relative to the project.
 */
export function writeInitialFiles(project: Project, overwrite = false): string[] {
  const isNew = !existsSync(project.functionsDir);
  mkdirSync(project.functionsDir, { recursive: true });
  const written: string[] = [];
  const write = (name: string, content: string): void => {
    const file = path.join(project.functionsDir, name);
    if (existsSync(file) && !overwrite) return;
    writeFileSync(file, content);
    written.push(path.relative(project.root, file));
  };
  if (isNew || overwrite) write("README.md", readme);
  write("tsconfig.json", tsconfig(hasNodeTypes(project.root)));
  return written;
}

function hasNodeTypes(root: string): boolean {
  for (let folder = root; ; folder = path.dirname(folder)) {
    if (existsSync(path.join(folder, "node_modules/@types/node/package.json"))) return true;
    if (path.dirname(folder) === folder) return false;
  }
}
