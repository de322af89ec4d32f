/** The house's rules for imports: a package imports from lower floors only, and files make no circles. */
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

const FLOORS: Record<string, number> = {
  values: 0,
  protocol: 1,
  engine: 2,
  runtime: 3,
  backend: 4,
  identity: 4,
  dashboard: 4,
  tandem: 5,
};

/** Client libraries run in pages and know no server: floors 0 and 1 only. */
const HIGHEST_FLOOR_OF_CLIENTS = 1;

/** The client libraries, and which other ones each may build upon. */
const CLIENTS: Record<string, readonly string[]> = {
  convex: [],
  "clerk-js": [],
  "clerk-react": ["clerk-js"],
};

const IMPORT =
  /(?:^|\n)\s*(?:import|export)\s(?!type\s)[^;"']*?from\s*["']([^"']+)["']|(?:^|\n)\s*import\s*["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']\s*\)/g;
const TYPE_IMPORT = /(?:^|\n)\s*(?:import|export)\s+type\s[^;"']*?from\s*["']([^"']+)["']/g;

function importsOf(source: string, pattern: RegExp): string[] {
  return [...source.matchAll(pattern)].map((match) => (match[1] ?? match[2] ?? match[3])!);
}

/** What breaks the rules, one line each; empty when nothing does. */
export function faults(): string[] {
  const files = globSync("packages/*/src/**/*.{ts,tsx}", { cwd: root }).filter(
    (file) => !file.includes(".test."),
  );
  return [...floorFaults(files), ...circles(files)];
}

function floorFaults(files: string[]): string[] {
  const found: string[] = [];
  for (const file of files) {
    const own = file.split(/[\\/]/)[1]!;
    const source = readFileSync(join(root, file), "utf8");
    for (const specifier of [...importsOf(source, IMPORT), ...importsOf(source, TYPE_IMPORT)]) {
      const other = /^@tandem\/([^/]+)/.exec(specifier)?.[1];
      if (other === undefined || other === own) {
        if (
          specifier.startsWith(".") &&
          relative(join(root, "packages", own), resolve(root, dirname(file), specifier)).startsWith("..")
        ) {
          found.push(`${file}: "${specifier}" leaves the package; import the other package by its name`);
        }
        continue;
      }
      if (CLIENTS[own]?.includes(other)) {
        continue;
      }
      const highest = own in CLIENTS ? HIGHEST_FLOOR_OF_CLIENTS : FLOORS[own]! - 1;
      if (!(other in FLOORS) || FLOORS[other]! > highest) {
        found.push(`${file}: "${specifier}" is not on a lower floor than ${own}`);
      }
    }
  }
  return found;
}

function circles(files: string[]): string[] {
  const graph = new Map<string, string[]>();
  for (const file of files) {
    const source = readFileSync(join(root, file), "utf8");
    const targets = importsOf(source, IMPORT)
      .filter((specifier) => specifier.startsWith("."))
      .map((specifier) => relative(root, resolve(root, dirname(file), specifier)))
      .filter((target) => existsSync(join(root, target)));
    graph.set(file, targets);
  }
  const found: string[] = [];
  const state = new Map<string, "open" | "done">();
  const path: string[] = [];
  const visit = (file: string): void => {
    if (state.get(file) === "done") {
      return;
    }
    if (state.get(file) === "open") {
      found.push(`a circle: ${[...path.slice(path.indexOf(file)), file].join(" → ")}`);
      return;
    }
    state.set(file, "open");
    path.push(file);
    for (const target of graph.get(file) ?? []) {
      visit(target);
    }
    path.pop();
    state.set(file, "done");
  };
  for (const file of files) {
    visit(file);
  }
  return found;
}
