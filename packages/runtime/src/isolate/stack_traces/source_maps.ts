import { originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";
import type { ModuleSource } from "../../lanes/lane.ts";
import { type Frame, realmFileName } from "./frame.ts";

/** Turns places in pushed modules into places of the user's own source. */
export interface SourceMaps {
  /** The frame with its file, line and column as the user wrote them; unchanged when no map knows it. */
  map(frame: Frame): Frame;
}

/** Maps are parsed when a stack first needs them. Module files may carry a scheme: `convex:/dir/mod.js`. */
export function sourceMapsOf(modules: readonly ModuleSource[]): SourceMaps {
  const sources = new Map(modules.map((module) => [module.path, module.sourceMap]));
  const parsed = new Map<string, TraceMap | null>();

  function mapFor(path: string): TraceMap | null {
    const known = parsed.get(path);
    if (known !== undefined) return known;
    const text = sources.get(path);
    let map: TraceMap | null = null;
    if (text !== undefined && text !== "") {
      try {
        map = new TraceMap(text);
      } catch {
        // A broken map must not hide the error that is being told: its frames stay as they are.
        map = null;
      }
    }
    parsed.set(path, map);
    return map;
  }

  return {
    map(frame) {
      const map = mapFor(modulePath(frame.file));
      if (map === null) return frame;
      const found = originalPositionFor(map, { line: frame.line, column: frame.column - 1 });
      if (found.source === null) return frame;
      return { ...frame, file: found.source, line: found.line, column: found.column + 1 };
    },
  };
}

/** `convex:/dir/mod.js` → `dir/mod.js`. */
export function modulePath(file: string): string {
  return file.replace(/^convex:\/+/, "");
}

const internalFile = /(?:^|\/)convex\/(?:src|dist)\/(?:esm\/)?server\/|udf-runtime\/src/;

function isInternal(frame: Frame): boolean {
  const { file } = frame;
  return (
    file === realmFileName ||
    file.startsWith("tandem:") ||
    file.startsWith("<isolated-vm") ||
    internalFile.test(file)
  );
}

/** The lines of a stack, mapped, without the machinery at both its ends (R §2.4). Each ends with a line break. */
export function formatFrames(frames: readonly Frame[], maps: SourceMaps): string {
  const mapped = frames.map((frame) => maps.map(frame));
  let first = 0;
  let end = mapped.length;
  while (first < end && isInternal(mapped[first]!)) first += 1;
  while (end > first && isInternal(mapped[end - 1]!)) end -= 1;
  return mapped
    .slice(first, end)
    .map(({ async, name, file, line, column }) => {
      return `    at ${async ? "async " : ""}${name ?? "<anonymous>"} (${file}:${line}:${column})\n`;
    })
    .join("");
}
