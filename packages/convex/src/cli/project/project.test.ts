import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createFixtureProject } from "../testing/fixture_project.ts";
import { openProject } from "./config.ts";
import { changeEnvText, formatEnvValue, parseEnvText, writeDeploymentUrls } from "./env_file.ts";
import { frameworkNames } from "./framework.ts";
import { ignoreInGit } from "./gitignore.ts";

describe("environment files", () => {
  test("a changed variable leaves every other line as it was", () => {
    const before = "# mine\nA=1\n\nexport VITE_CONVEX_URL='old' # note\nB=\"two\\nlines\"\n";
    expect(changeEnvText(before, "VITE_CONVEX_URL", "new")).toBe(
      '# mine\nA=1\n\nVITE_CONVEX_URL=new\nB="two\\nlines"\n',
    );
    expect(changeEnvText("A=1", "B", "2")).toBe("A=1\nB=2\n");
    expect(changeEnvText("", "B", "2")).toBe("B=2\n");
    expect(changeEnvText("A=1\nB=2\nB=3\n", "B", null)).toBe("A=1\n");
  });

  test("a name that only begins alike is another variable", () => {
    expect(changeEnvText("CONVEX_URL_OLD=1\n", "CONVEX_URL", "2")).toBe("CONVEX_URL_OLD=1\nCONVEX_URL=2\n");
  });

  test("what is set is read back", () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.stringMatching(/^[A-Z]{1,4}$/), fc.stringMatching(/^[\w:/.-]*$/)),
        (wanted) => {
          let text = "# first\n";
          for (const [name, value] of Object.entries(wanted)) text = changeEnvText(text, name, value);
          expect(parseEnvText(text)).toEqual(wanted);
        },
      ),
    );
  });

  test("a listed value is read back, or comes with a warning", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom("a", " ", "'", '"', "`", "#", "\n", "\\", "$", "\r") }),
        (value) => {
          const { text, warning } = formatEnvValue(value);
          if (warning === undefined) expect(parseEnvText(`X=${text}\nY=1\n`)).toEqual({ X: value, Y: "1" });
        },
      ),
    );
    expect(formatEnvValue("https://x.example/a?b=c")).toEqual({
      text: "https://x.example/a?b=c",
      warning: undefined,
    });
  });

  test("an address keeps the name that the file already uses, and a contradicting CONVEX_DEPLOYMENT goes", () => {
    using project = createFixtureProject({
      ".env.local": "CONVEX_DEPLOYMENT=local:x\nNEXT_PUBLIC_CONVEX_URL=old\n",
    });
    const names = frameworkNames(new Set(["vite"]));
    const urls = { url: "http://127.0.0.1:3210", siteUrl: "http://127.0.0.1:3211" };
    expect(writeDeploymentUrls(project.root, names, urls).changed).toEqual([
      "NEXT_PUBLIC_CONVEX_URL",
      "VITE_CONVEX_SITE_URL",
    ]);
    expect(readFileSync(path.join(project.root, ".env.local"), "utf8")).toBe(
      "NEXT_PUBLIC_CONVEX_URL=http://127.0.0.1:3210\nVITE_CONVEX_SITE_URL=http://127.0.0.1:3211\n",
    );
    expect(writeDeploymentUrls(project.root, names, urls).changed).toEqual([]);
  });
});

describe("frameworks", () => {
  test.each([
    [["react-scripts"], "REACT_APP_CONVEX_URL"],
    [["next", "vite"], "NEXT_PUBLIC_CONVEX_URL"],
    [["expo"], "EXPO_PUBLIC_CONVEX_URL"],
    [["@sveltejs/kit", "vite"], "PUBLIC_CONVEX_URL"],
    [["astro", "vite"], "PUBLIC_CONVEX_URL"],
    [["@tanstack/react-start", "vite"], "VITE_CONVEX_URL"],
    [["vite", "@remix-run/dev"], "VITE_CONVEX_URL"],
    [["@remix-run/dev"], "CONVEX_URL"],
    [[], "CONVEX_URL"],
  ])("%j reads %s", (packages, url) => {
    const names = frameworkNames(new Set(packages));
    expect(names.url).toBe(url);
    expect(names.siteUrl).toBe(url.replace("CONVEX_URL", "CONVEX_SITE_URL"));
  });
});

describe(".gitignore", () => {
  test("gets what no line covers yet", () => {
    using project = createFixtureProject({ ".gitignore": "node_modules\n.env*\n/.tandem/" });
    expect(ignoreInGit(project.root, [".env.local", ".tandem"])).toEqual([]);
    writeFileSync(path.join(project.root, ".gitignore"), "# .tandem\n!.env.local");
    expect(ignoreInGit(project.root, [".env.local", ".tandem"])).toEqual([".env.local", ".tandem"]);
    expect(readFileSync(path.join(project.root, ".gitignore"), "utf8")).toBe(
      "# .tandem\n!.env.local\n.env.local\n.tandem\n",
    );
  });
});

describe("the project", () => {
  test("is found from a folder inside it, with its settings", () => {
    using project = createFixtureProject({
      "convex.json": '{"functions": "src/convex", "node": {"externalPackages": ["*"]}}',
    });
    mkdirSync(path.join(project.root, "src/deep"), { recursive: true });
    const found = openProject(path.join(project.root, "src/deep"));
    expect(found.root).toBe(project.root);
    expect(found.functionsDir).toBe(path.join(project.root, "src/convex"));
    expect(found.config.node.externalPackages).toEqual(["*"]);
    expect(found.packages.has("convex")).toBe(true);
  });

  test.each([
    ["{", "not valid JSON"],
    ['{"functions": 1}', "`functions` is 1"],
    ['{"codegen": {"fileType": "js"}}', '`codegen.fileType` is "js", but must be "ts" or "js/dts"'],
  ])("says what is wrong in convex.json: %s", (text, message) => {
    using project = createFixtureProject({ "convex.json": text });
    expect(() => openProject(project.root)).toThrow(message);
  });
});
