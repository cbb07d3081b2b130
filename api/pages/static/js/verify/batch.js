// Many files or numbers at once: a table, and the same as CSV.
import { restsOnDemonstration } from "./anchors.js";
import { element } from "./element.js";
import { demonstrationView } from "./report.js";
import { verdictWord } from "./verdicts.js";
import { hours, t } from "./words.js";

/** @import { Known, Shown } from "../shapes.d.ts" */

export const FILES_MAX = 50;
const NUMBERS_MAX = 500;

const HEADS = [t("File or number"), t("Verdict"), t("Credit hours"), t("Honour hours"), t("Recording unit")];
const COLUMNS = [
  "name",
  "verdict",
  "credit_minutes",
  "honour_minutes",
  "holder",
  "organisation",
  "record",
  "number",
  "failed",
];

// The first column of a CSV file, without an empty or a heading line.
/** @type {(text: string) => string[]} */
export function numbersOf(text) {
  const cells = text.split(/\r?\n/).map((line) =>
    line
      .split(/[,;\t]/)[0]
      .trim()
      .replace(/^"|"$/g, ""),
  );
  return cells
    .filter((cell) => /^(0x|http|R\.|Z\.|[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}$)/.test(cell))
    .slice(0, NUMBERS_MAX);
}

// `items`: {name, judge}; each is judged in turn, its row is added at once, as long as it is wanted.
/**
 * @type {(
 *   place: HTMLElement, items: { name: string, judge: () => Promise<Shown> }[], wanted: () => boolean,
 * ) => Promise<void>}
 */
export async function showBatch(place, items, wanted) {
  if (!wanted()) return;
  const body = element("tbody");
  const heads = HEADS.map((head) => element("th", { scope: "col" }, head));
  const table = element("table", { class: "rows" }, element("thead", {}, element("tr", {}, ...heads)), body);
  const count = element("p", {});
  place.replaceChildren(count, table);
  const rows = [];
  for (const { name, judge } of items) {
    const report = await judge();
    if (!wanted()) return;
    if (restsOnDemonstration(report.checks) && !place.querySelector(".demonstration"))
      count.after(demonstrationView());
    rows.push(rowOf(name, report));
    body.append(rowView(name, report));
    count.textContent = t("{done} of {all} checked", { done: rows.length, all: items.length });
  }
  const url = URL.createObjectURL(new Blob(["\ufeff", csv(rows)], { type: "text/csv;charset=utf-8" }));
  place.append(element("p", {}, element("a", { href: url, download: "verdicts.csv" }, t("Download as CSV"))));
}

// Of a forged file nothing counts, and of an unknown ledger's nothing that could be added up.
/** @type {(verdict: Shown["verdict"], facts: Known) => Known} */
const knownOf = (verdict, facts) =>
  ["invalid", "unpinned"].includes(verdict) ? /** @type {Known} */ ({}) : facts;

// Minutes by class: of one service, of a certificate, or of an account.
/** @type {(kind: string | null, facts: Known) => { credit?: number, honour?: number }} */
function minutesOf(kind, facts) {
  if (facts.hour_class) return { [facts.hour_class]: facts.minutes };
  const sums = ["account", "transcript"].includes(kind ?? "") ? facts.totals : facts;
  const { credit_minutes: credit, honour_minutes: honour } = sums ?? {};
  return { credit, honour };
}

/** @type {(name: string, report: Shown) => HTMLElement} */
function rowView(name, { verdict, document: kind, facts }) {
  const known = knownOf(verdict, facts);
  const { credit, honour } = minutesOf(kind, known);
  const cells = [
    name,
    element("span", { class: `state ${verdict}`, "data-verdict": verdict }, verdictWord(verdict)),
    credit === undefined ? "" : hours(credit),
    honour === undefined ? "" : hours(honour),
    known.stated?.issuer ?? known.issuer_name ?? "",
  ];
  return element("tr", {}, ...cells.map((cell, at) => element("td", { "data-name": HEADS[at] }, cell)));
}

/** @type {(name: string, report: Shown) => unknown[]} */
function rowOf(name, { verdict, document: kind, checks, facts }) {
  const failed = checks
    .filter((check) => check.ok === false)
    .map((check) => check.name)
    .join(" ");
  const known = knownOf(verdict, facts);
  const { credit, honour } = minutesOf(kind, known);
  const whose = known.volunteer ?? known.account;
  return [name, verdict, credit, honour, whose, known.issuer, known.record_id, known.number, failed];
}

// A cell that begins like a formula would be one in a spreadsheet.
/** @type {(rows: unknown[][]) => string} */
function csv(rows) {
  /** @type {(value: unknown) => string} */
  const cell = (value) => {
    const text = String(value ?? "");
    return `"${(/^[=+\-@\t\r]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
  };
  return [COLUMNS, ...rows].map((row) => row.map(cell).join(",") + "\r\n").join("");
}
