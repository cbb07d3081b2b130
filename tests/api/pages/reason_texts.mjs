// Every English text that the verifier's sources hold: writes [[file, [text, expression, text, …]]], an
// expression as it is spelled. A text is English if it has a word and a space, and is no pattern.
import { readdirSync, readFileSync } from "node:fs";
import ts from "typescript";

const FOLDER = new URL("../../../verifier/", import.meta.url);
const PRINTED = "// Written by ";
const WORDS = /[a-z]/;

function partsOf(node, source) {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return [node.text];
  if (!ts.isTemplateExpression(node)) return null;
  const spans = node.templateSpans.map((span) => [span.expression.getText(source), span.literal.text]);
  return [node.head.text, ...spans.flat()];
}

const isEnglish = (parts) => {
  const text = parts.map((part, at) => (at % 2 ? "_" : part)).join("");
  return text.includes(" ") && !text.includes("\\") && WORDS.test(parts.filter((_, at) => at % 2 === 0).join(""));
};

function textsOf(name) {
  const text = readFileSync(new URL(name, FOLDER), "utf8");
  if (text.startsWith(PRINTED)) return [];
  const source = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true);
  const found = [];
  const walk = (node) => {
    const parts = partsOf(node, source);
    if (parts !== null && isEnglish(parts)) found.push([name, parts]);
    ts.forEachChild(node, walk);
  };
  walk(source);
  return found;
}

const names = readdirSync(FOLDER).filter((name) => name.endsWith(".js"));
process.stdout.write(JSON.stringify(names.sort().flatMap(textsOf)));
