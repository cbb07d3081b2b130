// The students of a run, a page at a time.
import { askUniversity } from "./university.js";
import { data } from "../shared/data.js";
import { $, el, fill } from "../shared/dom.js";
import { hours } from "../shared/figures.js";
import { once } from "../shared/sign_in.js";
import { t } from "../shared/words.js";

/** @import { LinePage } from "../answers.d.ts" */
/** @import { Line } from "../shapes.d.ts" */

const PAGE = 50;

/** @type {string} */
let shown;

/** @type {(path: string) => Promise<void>} */
export async function setUpLines(path) {
  shown = path;
  let after = 0;
  /** @type {(to: number) => Promise<void>} */
  const turn = async (to) => {
    const { items, next } = /** @type {LinePage & { items: Line[] }} */ (
      await askUniversity("GET", `${path}/lines?after=${to}&limit=${PAGE}`)
    );
    if (shown !== path) return;
    after = to;
    fill($("lines"), ...items.map(row));
    $("earlier").disabled = after === 0;
    $("further").disabled = next === null;
  };
  const head = [
    t("Student number"),
    t("Name"),
    t("Credit hours"),
    t("Honour hours"),
    t("Credits"),
    t("What does not count, and why"),
  ];
  fill($("lines-head"), el("tr", {}, ...head.map((text) => el("th", { scope: "col" }, text))));
  $("earlier").onclick = ({ target }) =>
    turning(/** @type {HTMLButtonElement} */ (target), () => turn(Math.max(0, after - PAGE)));
  $("further").onclick = ({ target }) =>
    turning(/** @type {HTMLButtonElement} */ (target), () => turn(after + PAGE));
  await turn(0);
}

// Turning says itself which buttons can be pressed next.
/** @type {(button: HTMLButtonElement, turn: () => Promise<void>) => Promise<void>} */
async function turning(button, turn) {
  let next = button.disabled;
  await once(button, async () => {
    await turn();
    next = button.disabled;
  });
  button.disabled = next;
}

/** @type {(line: Line) => HTMLElement} */
function row({ student, match_code: code, evaluation: found }) {
  const who = [student.student_no ?? "", student.name ?? ""].map((text) =>
    el("td", { class: "one-line" }, text),
  );
  if (!found)
    return el(
      "tr",
      {},
      ...who,
      ...["–", "–", "–"].map((text) => el("td", { class: "number" }, text)),
      el("td", {}, data.codes[code ?? ""] ?? code),
    );
  const credits = (found.credit_hundredths / 100).toFixed(2);
  const figures = [hours(found.credit_minutes), hours(found.honour_minutes), credits].map((text) =>
    el("td", { class: "number" }, text),
  );
  const reasons = Object.entries(found.excluded).map(([name, minutes]) =>
    el("li", {}, `${hours(minutes)} · ${data.reasons[name] ?? name}`),
  );
  return el(
    "tr",
    {},
    ...who,
    ...figures,
    el(
      "td",
      {},
      reasons.length ? el("ul", { class: "plain" }, ...reasons) : t("Every recorded hour counts."),
    ),
  );
}
