import { describe, expect, test } from "vitest";
import { directives, usesNode } from "./directives.ts";

describe('the "use node" directive', () => {
  test.each([
    '"use node";\nexport const a = 1;',
    "'use node'\nexport const a = 1;",
    '// note\n/* another\n note */ "use node";',
    '\uFEFF#!/usr/bin/env node\n"use strict";\n"use node"',
    '"use node" // yes\n\nimport x from "x";',
  ])("counts at the start of a module: %j", (source) => {
    expect(usesNode(source)).toBe(true);
  });

  test.each([
    'import x from "x";\n"use node";',
    '// "use node";\nexport const a = 1;',
    '/* "use node"; */',
    'export const text = "use node";',
    '"use node" + 1;',
    '"use node"\n  .length;',
    ';"use node";',
    '"use  node";',
    "`use node`;",
  ])("does not count anywhere else: %j", (source) => {
    expect(usesNode(source)).toBe(false);
  });

  test("several directives are all read", () => {
    expect(directives(`"use strict";"a\\"b"\n'use node'`)).toEqual(["use strict", 'a\\"b', "use node"]);
  });
});
