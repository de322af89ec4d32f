/** What shortcodes look into: `user`, `org`, `session`, each an object of values. */
export type ShortcodeScope = { readonly [root: string]: unknown };

/**
 * A claims template with its shortcodes resolved (B §4): in values, at any depth, never in keys. A text that is one
 * shortcode takes the value's own type; within a longer text, values are written out. What is unknown is null. Values
 * themselves are never looked at again: what users write into their profile is no template.
 */
export function resolveShortcodes(template: unknown, scope: ShortcodeScope): unknown {
  if (typeof template === "string") return resolveText(template, scope);
  if (Array.isArray(template)) return template.map((item) => resolveShortcodes(item, scope));
  if (template !== null && typeof template === "object") {
    // Entries, not assignment: a key `__proto__` is a key like any other.
    return Object.fromEntries(
      Object.entries(template).map(([key, value]) => [key, resolveShortcodes(value, scope)]),
    );
  }
  return template;
}

type Piece =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "code"; readonly expression: string };

function resolveText(text: string, scope: ShortcodeScope): unknown {
  const pieces = piecesOf(text);
  const [only] = pieces;
  if (pieces.length === 1 && only!.kind === "code") return evaluate(only!.expression, scope);
  return pieces
    .map((piece) => (piece.kind === "text" ? piece.text : written(evaluate(piece.expression, scope))))
    .join("");
}

/** Texts and shortcodes in turn. Braces that do not close are text; those within quotes are the literal's. */
function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = [];
  const code = /\{\{((?:'[^']*'|[^'{}])*)\}\}/g;
  let at = 0;
  for (const match of text.matchAll(code)) {
    if (match.index > at) pieces.push({ kind: "text", text: text.slice(at, match.index) });
    pieces.push({ kind: "code", expression: match[1]! });
    at = match.index + match[0].length;
  }
  if (at < text.length) pieces.push({ kind: "text", text: text.slice(at) });
  return pieces;
}

/** The first operand that is neither null nor false, else the last one. */
function evaluate(expression: string, scope: ShortcodeScope): unknown {
  let value: unknown = null;
  for (const operand of operandsOf(expression)) {
    value = operandValue(operand.trim(), scope);
    if (value !== null && value !== false) return value;
  }
  return value;
}

/** What stands between `||`, but for those within quotes. */
function operandsOf(expression: string): string[] {
  const operands: string[] = [];
  let start = 0;
  let isQuoted = false;
  for (let at = 0; at < expression.length; at++) {
    if (expression[at] === "'") isQuoted = !isQuoted;
    else if (!isQuoted && expression.startsWith("||", at)) {
      operands.push(expression.slice(start, at));
      start = at + 2;
      at++;
    }
  }
  return [...operands, expression.slice(start)];
}

function operandValue(operand: string, scope: ShortcodeScope): unknown {
  if (/^'[^']*'$/.test(operand)) return operand.slice(1, -1);
  if (/^-?\d+(?:\.\d+)?$/.test(operand)) return Number(operand);
  if (operand === "true") return true;
  if (operand === "false") return false;
  let value: unknown = scope;
  for (const name of operand.split(".")) {
    if (value === null || typeof value !== "object" || !Object.hasOwn(value, name)) return null;
    value = (value as Record<string, unknown>)[name];
  }
  // The scope's own roots are no values.
  return value === undefined || !operand.includes(".") ? null : value;
}

function written(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
