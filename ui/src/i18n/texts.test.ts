import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import administrationEn from "./administration/en.json";
import administrationFr from "./administration/fr.json";
import assistantsEn from "./assistants/en.json";
import assistantsFr from "./assistants/fr.json";
import compareEn from "./compare/en.json";
import compareFr from "./compare/fr.json";
import en from "./en.json";
import fileEn from "./file/en.json";
import fileFr from "./file/fr.json";
import fr from "./fr.json";
import gapsEn from "./gaps/en.json";
import gapsFr from "./gaps/fr.json";
import helpEn from "./help/en.json";
import helpFr from "./help/fr.json";
import promptsEn from "./prompts/en.json";
import promptsFr from "./prompts/fr.json";
import startEn from "./start/en.json";
import startFr from "./start/fr.json";

type Texts = { [key: string]: string | Texts };

const flat = (texts: Texts, prefix = ""): [string, string][] =>
  Object.entries(texts).flatMap(([key, value]): [string, string][] =>
    typeof value === "string" ? [[prefix + key, value]] : flat(value, `${prefix}${key}.`),
  );
const PLURAL = /_(zero|one|two|few|many|other)$/;
/** The texts of every page, and those of parts that are fetched with their pages. */
const BUNDLES = [
  ["common", en, fr],
  ["administration", administrationEn, administrationFr],
  ["compare", compareEn, compareFr],
  ["file", fileEn, fileFr],
  ["gaps", gapsEn, gapsFr],
  ["prompts", promptsEn, promptsFr],
  ["assistants", assistantsEn, assistantsFr],
  ["help", helpEn, helpFr],
  ["start", startEn, startFr],
] as const;
const names = (texts: [string, string][]) =>
  [...new Set(texts.map(([key]) => key.replace(PLURAL, "")))].sort();

const sources = new URL("..", import.meta.url).pathname;
const files = readdirSync(sources, { recursive: true, encoding: "utf8" });
const pages = files.filter((file) => file.endsWith(".tsx"));

/** Words that a person would read in a page, outside of any translation. */
function wordsIn(file: string): string[] {
  const text = readFileSync(join(sources, file), "utf8");
  const tree = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX);
  const found: string[] = [];
  const READ = new Set(["alt", "aria-label", "description", "hint", "label", "lead", "placeholder", "title"]);
  const visit = (node: ts.Node) => {
    if (ts.isJsxText(node) && /\p{L}{2}/u.test(node.text)) found.push(node.text.trim());
    if (
      ts.isJsxAttribute(node) &&
      READ.has(node.name.getText(tree)) &&
      node.initializer &&
      ts.isStringLiteral(node.initializer)
    ) {
      found.push(node.initializer.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

describe.each(BUNDLES)("the texts: %s", (_, englishTexts, frenchTexts) => {
  const english = flat(englishTexts);
  const french = flat(frenchTexts);

  it("exist in both languages", () => {
    expect(names(french)).toEqual(names(english));
  });

  it("have every plural that each language needs", () => {
    for (const [language, texts] of [
      ["en", english],
      ["fr", french],
    ] as const) {
      const keys = new Set(texts.map(([key]) => key));
      const wanted = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
      for (const key of keys) {
        if (!PLURAL.test(key)) continue;
        const root = key.replace(PLURAL, "");
        expect(
          wanted.filter((category) => !keys.has(`${root}_${category}`)),
          `${language} ${root}`,
        ).toEqual([]);
      }
    }
  });

  it("name the same values in both languages", () => {
    const values = (text: string) => [...new Set(text.match(/{{\w+}}/g) ?? [])].sort();
    const others = new Map(french);
    for (const [key, text] of english) {
      // "Le premier" says one without its figure.
      if (key.endsWith("_one")) continue;
      expect(values(others.get(key) ?? ""), key).toEqual(values(text));
    }
  });

  it("keep French punctuation on the line of its word", () => {
    for (const [key, text] of french) expect(text, key).not.toMatch(/ [?!;:»]|« /);
  });

  it("are all used", () => {
    const code = files
      .filter((file) => /\.tsx?$/.test(file) && !file.endsWith(".test.ts"))
      .map((file) => readFileSync(join(sources, file), "utf8"))
      .join("\n");
    // A name such as `problems.${kind}.title` stands for each of its family.
    const families = [...code.matchAll(/`(\w[\w.]*(?:\$\{\w+(?:\.\w+)*\}[\w.]*)+)`/g)].map(
      ([, family = ""]) => new RegExp(`^${family.replace(/\$\{[^}]+\}/g, "\\w+").replaceAll(".", "\\.")}$`),
    );
    const unused = names(english).filter(
      (name) => !code.includes(`"${name}"`) && !families.some((family) => family.test(name)),
    );
    expect(unused).toEqual([]);
  });
});

describe("the texts", () => {
  it("are the only words that pages show", () => {
    expect(pages.length).toBeGreaterThan(20);
    expect(
      pages.map((file) => [file, wordsIn(file)] as const).filter(([, words]) => words.length > 0),
    ).toEqual([]);
  });
});
