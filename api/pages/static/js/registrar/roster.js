// A new run: rules and roster are chosen, rows are looked into, a draft is made.
import { askUniversity } from "./university.js";
import { formText } from "./form.js";
import { ask } from "../shared/api.js";
import { data } from "../shared/data.js";
import { $, el, fill, show } from "../shared/dom.js";
import { quiet } from "../shared/message.js";
import { once } from "../shared/sign_in.js";
import { language, t, tn } from "../shared/words.js";

/** @import { JobForm, PreviewForm, RosterDiff, RulesList } from "../answers.d.ts" */

const POLL = 500;

/** @type {(run: string) => Promise<void>} */
let made;

/** @type {(onMade: typeof made) => Promise<void>} */
export async function setUpRoster(onMade) {
  made = onMade;
  const { items } = /** @type {RulesList} */ (await ask("GET", "/credit-rules"));
  const options = items.map(({ title, version }, place) =>
    el("option", { value: place }, `${language === "en" ? title.en : title.zh} · ${version}`),
  );
  fill($("rule-set"), ...options);
  const choose = () => ($("rules").value = items[Number($("rule-set").value)].text);
  $("rule-set").onchange = choose;
  choose();
  $("roster-form").onsubmit = (event) => {
    event.preventDefault();
    once(event.submitter, () => read([]));
  };
}

// The file in base64, in pieces that a call takes.
/** @type {(confirmed: string[]) => Promise<object>} */
async function sent(confirmed) {
  const [file] = $("roster").files;
  const bytes = new Uint8Array(await file.arrayBuffer());
  let text = "";
  for (let start = 0; start < bytes.length; start += 32768)
    text += String.fromCharCode(...bytes.subarray(start, start + 32768));
  return { file_name: file.name, roster: btoa(text), confirmed };
}

/** @type {(confirmed: string[]) => Promise<void>} */
async function read(confirmed) {
  quiet();
  const found = /** @type {PreviewForm} */ (await askUniversity("POST", "/rosters", await sent(confirmed)));
  show(true, $("preview"));
  fill($("preview"), ...summary(found), problems(found), drafting(confirmed));
  $("preview").scrollIntoView({ block: "nearest" });
}

/** @type {() => Record<string, string>} */
const statuses = () => ({
  matched: t("Matched"),
  no_consent: t("No consent"),
  name_differs: t("The name differs"),
  ambiguous: t("Ambiguous"),
  rejected: t("Rejected"),
});

/** @type {(found: PreviewForm) => (HTMLElement | null)[]} */
function summary(found) {
  const counts = Object.entries(found.statuses).map(([status, count]) =>
    el(
      "div",
      { class: "figure" },
      el("dt", {}, statuses()[status]),
      el("dd", { class: "big" }, String(count)),
    ),
  );
  const unknown = found.unknown_columns.join(", ");
  const short = found.short_student_numbers.slice(0, 5).join(", ");
  return [
    el("h3", {}, tn("{count} row", "{count} rows", found.total)),
    el("p", { class: "quiet" }, t("Read as {form}.", { form: formText(found.form) })),
    el("dl", { class: "figures" }, ...counts),
    unknown
      ? el("p", { class: "quiet" }, t("Columns that are not used: {columns}", { columns: unknown }))
      : null,
    ...found.notes.map(({ zh, en, about }) =>
      el(
        "p",
        { class: "notice warn" },
        `${document.documentElement.lang.startsWith("zh") ? zh : en} ${about}`,
      ),
    ),
    found.diff ? comparison(found.diff) : null,
    short
      ? el(
          "p",
          { class: "notice warn" },
          t("Shorter than the other student numbers, leading zeros may be lost: {numbers}", {
            numbers: short,
          }),
        )
      : null,
  ];
}

// What is other than in the roster of the run before.
/** @type {(diff: RosterDiff) => HTMLElement} */
function comparison({ file_name: name, new: added, gone, changed }) {
  const columns = Object.entries(changed).map(([number, names]) => `${number} (${names.join(", ")})`);
  /** @type {[word: string, numbers: string[]][]} */
  const parts = [
    [t("New"), added],
    [t("Gone"), gone],
    [t("Changed"), columns],
  ];
  const rows = parts.map(([word, numbers]) =>
    el(
      "p",
      {},
      el("strong", {}, `${word} ${numbers.length}`),
      numbers.length ? ` ${numbers.slice(0, 20).join(", ")}` : "",
    ),
  );
  return el("details", {}, el("summary", {}, t("What is other than in {name}", { name })), ...rows);
}

/** @type {(found: PreviewForm) => HTMLElement} */
function problems({ rows }) {
  if (!rows.length) return el("p", {}, t("Every row is matched."));
  const body = rows.map(({ row, student, match_status: status, match_code: code }) => {
    const number = student.student_no ?? "";
    const box = el("input", { type: "checkbox", name: "confirmed", value: number });
    const confirm =
      status === "name_differs" ? el("label", { class: "choice" }, box, t("It is this student")) : null;
    const cells = [String(row), number, student.name ?? "", student.volunteer_no ?? ""].map((text) =>
      el("td", { class: text.length < 20 ? "one-line" : null }, text),
    );
    return el("tr", {}, ...cells, el("td", {}, data.codes[code ?? ""] ?? code, confirm));
  });
  const head = [t("Row"), t("Student number"), t("Name"), t("Volunteer number"), t("What is wrong")];
  const table = el(
    "table",
    { class: "broad" },
    el("thead", {}, el("tr", {}, ...head.map((text) => el("th", { scope: "col" }, text)))),
    el("tbody", {}, ...body),
  );
  return el(
    "div",
    { class: "scroll", tabindex: "0", role: "region", "aria-label": t("Rows that are not matched") },
    table,
  );
}

/** @type {(confirmed: string[]) => HTMLElement} */
function drafting(confirmed) {
  const chosen = () => [
    ...confirmed,
    .../** @type {HTMLInputElement[]} */ ([
      ...$("preview").querySelectorAll("input[name=confirmed]:checked"),
    ]).map(({ value }) => value),
  ];
  const again = el("button", { type: "button", class: "second" }, t("Read it again with these confirmed"));
  const draft = el("button", { type: "button" }, t("Make the draft"));
  again.onclick = () => once(again, () => read(chosen()));
  draft.onclick = () => once(draft, () => make(chosen()));
  const nothing = el(
    "p",
    { class: "quiet" },
    t("Rows that are not matched stand in the report with their reason; nothing is counted for them."),
  );
  return el("div", { class: "below" }, nothing, el("p", { class: "actions" }, draft, again));
}

/** @type {(confirmed: string[]) => Promise<void>} */
async function make(confirmed) {
  const body = { ...(await sent(confirmed)), rules: $("rules").value, as_of: null };
  let job = /** @type {JobForm} */ (await askUniversity("POST", "/credit-runs", body));
  const bar = el("progress", {
    max: Math.max(1, job.total),
    value: 0,
    "aria-label": t("Rows that are judged"),
  });
  const progress = el("p", {});
  fill($("progress"), progress, bar);
  show(true, $("progress"));
  try {
    while (!job.run && !job.problem) {
      bar.value = job.done;
      progress.textContent = tn(
        "{done} of {count} row is judged.",
        "{done} of {count} rows are judged.",
        job.total,
        { done: job.done },
      );
      await new Promise((wake) => setTimeout(wake, POLL));
      job = /** @type {JobForm} */ (await askUniversity("GET", `/credit-jobs/${job.job}`));
    }
  } finally {
    show(false, $("progress"));
  }
  if (job.problem) throw new Error(job.problem_detail || job.problem);
  show(false, $("preview"));
  $("roster").value = "";
  await made(/** @type {string} */ (job.run));
}
