/**
 * The directives (`"use node"` and the like) at the start of a module: string literals standing alone as
 * statements before anything else. Text in comments or in later code does not count.
 */
export function directives(source: string): string[] {
  const found: string[] = [];
  let at = skipHashbang(source);
  for (;;) {
    at = skipBlank(source, at);
    if (source[at] === ";") {
      // An empty statement ends the prologue.
      return found;
    }
    const literal = /^(?:"(?:[^"\\\n\r]|\\[\s\S])*"|'(?:[^'\\\n\r]|\\[\s\S])*')/.exec(source.slice(at));
    if (literal === null) return found;
    const end = at + literal[0].length;
    const next = statementEnd(source, end);
    if (next === undefined) return found;
    found.push(literal[0].slice(1, -1));
    at = next;
  }
}

/** Whether the module asks to run in Node.js. */
export function usesNode(source: string): boolean {
  return source.includes("use node") && directives(source).includes("use node");
}

function skipHashbang(source: string): number {
  const start = source.startsWith("\uFEFF") ? 1 : 0;
  if (!source.startsWith("#!", start)) return start;
  const end = source.indexOf("\n", start);
  return end === -1 ? source.length : end + 1;
}

function skipBlank(source: string, from: number): number {
  const blank = /(?:\s|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*/y;
  blank.lastIndex = from;
  blank.exec(source);
  return blank.lastIndex;
}

/** Where the statement that a literal ends at `from` is over, or undefined if the expression goes on. */
function statementEnd(source: string, from: number): number | undefined {
  const next = skipBlank(source, from);
  if (next >= source.length || source[next] === "}") return next;
  if (source[next] === ";") return next + 1;
  const newline = /[\n\r\u2028\u2029]/.test(source.slice(from, next));
  const continues = /^(?:[.,([`+\-*/%<>=&|^?:!~]|in\b|instanceof\b|as\b|satisfies\b)/.test(
    source.slice(next),
  );
  return newline && !continues ? next : undefined;
}
