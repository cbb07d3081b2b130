// The services of a certificate or a transcript, one row each.
import { element } from "./element.js";
import { date, flagText, hours, t, tn } from "./words.js";

/** @import { RowFact } from "../../verifier/shapes.d.ts" */

/** @type {Record<string, string>} */
const STATES = {
  recorded: t("recorded"),
  disputed: t("disputed"),
  amended: t("amended"),
  void: t("void"),
};
const HEADS = {
  began: t("Date"),
  activity: t("Activity"),
  kind: t("Class"),
  time: t("Time"),
  late: t("Entered after"),
  state: t("State"),
};

/** @type {(rows: RowFact[]) => HTMLElement} */
export function servicesView(rows) {
  const columns = Object.entries(HEADS).filter(
    ([name]) => name !== "activity" || rows.some((row) => "category" in row),
  );
  const heads = columns.map(([, head]) => element("th", { scope: "col" }, head));
  const body = rows.map((row) => {
    const cells = cellsOf(row);
    return element(
      "tr",
      {},
      ...columns.map(([name, head]) => element("td", { "data-name": head }, cells[name])),
    );
  });
  const table = element(
    "table",
    { class: "rows" },
    element("thead", {}, element("tr", {}, ...heads)),
    element("tbody", {}, ...body),
  );
  /** @type {Record<string, string>} */
  const open = rows.length <= 20 ? { open: "" } : {};
  return element(
    "details",
    open,
    element("summary", {}, t("Services: {count}", { count: rows.length })),
    table,
  );
}

/** @type {(row: RowFact) => Record<string, Node | string>} */
function cellsOf(row) {
  const flags = (row.flags ?? []).map(flagText).join(" ");
  const word = STATES[row.status ?? ""] ?? t("not in a batch yet");
  return {
    began: date(row.started_at),
    activity: row.activity || "–",
    kind: row.hour_class === "credit" ? t("Credit hours") : t("Honour hours"),
    time: hours(row.minutes),
    late:
      row.delay_seconds === null
        ? "–"
        : tn("{count} day", "{count} days", Math.floor(Math.max(row.delay_seconds, 0) / 86400)),
    state: element("span", {}, word, flags && element("span", { class: "quiet" }, ` ${flags}`)),
  };
}
