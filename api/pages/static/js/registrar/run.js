// One run: its sums, what comes next, objections, changes, files; below it the students.
import { askUniversity, callUniversity, save } from "./university.js";
import { formText } from "./form.js";
import { setUpLines } from "./lines.js";
import { stageOf } from "./runs.js";
import { $, button, el, figure, fill, pairs, show } from "../shared/dom.js";
import { hours, moment, now } from "../shared/figures.js";
import { say } from "../shared/message.js";
import { once } from "../shared/sign_in.js";
import { language, t, tn } from "../shared/words.js";

/** @import { Changes, SaidForm } from "../answers.d.ts" */
/** @import { Run } from "../shapes.d.ts" */

const FILES = ["report.jsonl", "students.csv", "records.csv", "rejected.csv", "report.xlsx", "report.pdf"];

/** @type {string} */
let path;
/** @type {string} */
let wanted;
/** @type {() => Promise<void>} */
let changed;

/** @type {(name: string, onChange: () => Promise<void>) => Promise<void>} */
export async function openRun(name, onChange) {
  changed = onChange;
  if (!(await load(`/credit-runs/${name}`))) return;
  await setUpLines(path);
  $("run-title").focus();
  $("run").scrollIntoView({ block: "start" });
}

// Whether the run is still the one that was asked for last: only that is shown, and `path` changes with
// it, so that no step is taken on a run that is not seen.
/** @type {(place: string) => Promise<boolean>} */
async function load(place) {
  wanted = place;
  const found = /** @type {Run} */ (await askUniversity("GET", place));
  if (wanted !== place) return false;
  path = place;
  const { run, rules } = found;
  fill($("run-title"), `${language === "en" ? rules.title.en : rules.title.zh} `, stageOf(run));
  fill($("run-figures"), ...figures(found));
  fill($("run-steps"), ...steps(found), files());
  fill($("run-objections"), ...objections(found));
  fill($("run-changes"));
  show(true, $("run"));
  return true;
}

/** @type {(found: Run) => HTMLElement[]} */
function figures({ run, rules, statement: stated, anchored }) {
  const credits = (stated.credit_hundredths / 100).toFixed(2);
  const matched = tn("{matched} of {count} row", "{matched} of {count} rows", stated.count, {
    matched: stated.matched,
  });
  const held = anchored ? t("Anchored") : t("Waiting for anchor");
  return [
    el(
      "dl",
      { class: "figures" },
      figure("", credits, "", t("Credits"), matched),
      figure(
        "credit",
        hours(stated.credit_minutes),
        t("h"),
        t("Credit hours"),
        t("Clocked in and out; counted."),
      ),
      figure(
        "honour",
        hours(stated.honour_minutes),
        t("h"),
        t("Honour hours"),
        t("Back-filled; weighed as the rules say."),
      ),
    ),
    pairs(
      [t("Rules"), `${rules.scheme} · ${rules.version}`],
      [t("Roster"), `${run.file_name} · ${formText(run.form)}`],
      [t("As of batch"), `${stated.batch} · ${held}`],
      [t("Made at"), moment(run.made_at)],
      [t("Report"), el("code", { class: "id" }, run.report_id)],
    ),
  ];
}

// What can be done now.
/** @type {(found: Run) => HTMLElement[]} */
function steps({ run, objections: said }) {
  if (run.stage === "draft") return [publishing()];
  if (run.stage === "final")
    return [
      el(
        "p",
        { class: "notice good" },
        t("Final: the decisions stand in the ledger, and what was counted here counts no second time."),
      ),
    ];
  const open = now() < run.objections_until;
  const waiting = said.filter(({ answer }) => !answer).length;
  const time = open
    ? t("Students can object until {time}.", { time: moment(run.objections_until) })
    : t("The time to object is over.");
  const press = el("button", { type: "button", disabled: open || waiting > 0 }, t("Make it final"));
  press.onclick = () =>
    once(press, async () => {
      await callUniversity("POST", `${path}/final`);
      await renewed(t("The report is final, and its decisions are in the ledger."));
    });
  return [
    el(
      "p",
      { class: "notice" },
      time,
      " ",
      waiting
        ? tn("{count} objection waits for an answer.", "{count} objections wait for an answer.", waiting)
        : "",
    ),
    el("p", { class: "actions" }, press),
  ];
}

function publishing() {
  const days = el("input", { id: "days", type: "number", min: 0, max: 365, value: 7, required: true });
  const form = el(
    "form",
    {},
    el("div", { class: "field" }, el("label", { for: "days" }, t("Days in which students can object")), days),
    el("p", { class: "actions" }, el("button", {}, t("Publish the draft"))),
  );
  form.onsubmit = (event) => {
    event.preventDefault();
    once(event.submitter, async () => {
      await callUniversity("POST", `${path}/publication`, { days: Number(days.value) });
      await renewed(t("Each student now sees their own line, and can object."));
    });
  };
  return form;
}

/** @type {(text: string) => Promise<void>} */
async function renewed(text) {
  if (wanted === path) await load(path);
  await changed();
  say(text);
}

function files() {
  const buttons = FILES.map((name) => {
    /** @type {HTMLButtonElement} */
    const press = button(name, () =>
      once(press, () => save(`${path}/files/${name}?language=${language}`, name)),
    );
    return press;
  });
  /** @type {HTMLButtonElement} */
  const compare = button(t("What changed since"), () => once(compare, showChanges));
  return el("div", {}, el("p", { class: "actions" }, ...buttons), el("p", { class: "actions" }, compare));
}

/** @type {(found: Run) => HTMLElement[]} */
function objections({ run, objections: said }) {
  if (!said.length) return [];
  const rows = said.map((one) =>
    el(
      "li",
      {},
      el("p", {}, el("strong", {}, one.student_no), " ", el("span", { class: "quiet" }, moment(one.made_at))),
      el("p", {}, one.text),
      one.answer ? el("p", { class: "notice" }, one.answer) : answering(run, one),
    ),
  );
  return [el("h3", {}, t("Objections")), el("ul", { class: "plain shares" }, ...rows)];
}

/** @type {(run: Run["run"], said: SaidForm) => HTMLElement} */
function answering(run, { number }) {
  const id = `answer-${number}`;
  const text = el("textarea", { id, maxlength: 1000, required: true });
  const form = el(
    "form",
    {},
    el("label", { for: id }, t("Your answer")),
    text,
    el("p", { class: "actions below" }, el("button", { class: "second" }, t("Answer"))),
  );
  form.onsubmit = (event) => {
    event.preventDefault();
    once(event.submitter, async () => {
      await callUniversity("PUT", `${path}/objections/${number}`, { answer: text.value });
      await renewed(t("The student sees your answer."));
    });
  };
  return form;
}

async function showChanges() {
  const { batch, items } = /** @type {Changes} */ (await askUniversity("GET", `${path}/changes`));
  /** @type {(value: number | null) => string} */
  const credits = (value) => (value === null ? "–" : (value / 100).toFixed(2));
  const rows = items.map(({ student, before, after, records }) =>
    el(
      "li",
      {},
      el("span", {}, `${student.student_no ?? ""} ${student.name ?? ""}`),
      el(
        "span",
        {},
        `${credits(before)} → ${credits(after)}`,
        " · ",
        tn("{count} record", "{count} records", records.length),
      ),
    ),
  );
  fill(
    $("run-changes"),
    el("h3", {}, t("What changed since")),
    el(
      "p",
      {},
      tn(
        "As of batch {batch}: {count} student would have other credits or reasons.",
        "As of batch {batch}: {count} students would have other credits or reasons.",
        items.length,
        { batch },
      ),
    ),
    el("ul", { class: "list plain" }, ...rows),
  );
}
