// What is shown of my hours and yibi.
import { counts, wordOf } from "./account.js";
import { objectionForm } from "./objection.js";
import { $, button, el, figure, fill, pairs } from "../shared/dom.js";
import { hours, moment, span } from "../shared/figures.js";
import { data } from "../shared/data.js";
import { t, tn } from "../shared/words.js";

/** @import { Me } from "../answers.d.ts" */
/** @import { Hour, Moved, Signer } from "../shapes.d.ts" */

/**
 * What the forms below an hour need.
 * @typedef {{
 *   signerOf: () => Promise<Signer>, reload: () => Promise<void>, share: (record: string) => HTMLElement
 * }} Tools
 */

const SHOWN = 50;

/** @type {(me: Me) => void} */
export function totals({ account }) {
  const { credit_minutes: credit, honour_minutes: honour, yibi } = account;
  fill(
    $("figures"),
    el(
      "dl",
      { class: "figures" },
      figure(
        "card credit",
        hours(credit),
        t("hours"),
        t("Credit hours"),
        t("Clocked in and out at the place, by the server's time."),
      ),
      figure(
        "card honour",
        hours(honour),
        t("hours"),
        t("Honour hours"),
        t(
          "Entered afterwards by the organisation, with a second person's approval. Such hours earn no yibi.",
        ),
      ),
      figure(
        "card",
        String(yibi.balance),
        "",
        t("Yibi to spend"),
        t("{minted} earned, {received} received, {sent} sent.", yibi),
      ),
    ),
  );
}

/** @type {(found: Hour[], tools: Tools) => void} */
export function listHours(found, tools) {
  if (!found.length) return fill($("hours-list"), el("p", {}, t("The ledger has no hours of this key yet.")));
  const more = found.slice(SHOWN);
  /** @type {(some: Hour[]) => HTMLElement[]} */
  const items = (some) => some.map((hour) => el("li", { class: "card" }, ...oneHour(hour, tools)));
  const list = el("ul", { class: "plain hours" }, ...items(found.slice(0, SHOWN)));
  const press = button(t("Show {n} more", { n: more.length }), () => {
    list.append(...items(more));
    press.remove();
  });
  fill($("hours-list"), list, more.length ? press : null);
}

/** @type {(hour: Hour, tools: Tools) => (Node | string)[]} */
function oneHour(hour, tools) {
  const [word, colour] = wordOf(hour.state);
  const credit = hour.service?.hour_class !== "honour";
  const minutes = hour.service ? hours(hour.service.minutes) : "–";
  const kind = credit ? t("Credit hours") : t("Honour hours");
  return [
    el(
      "p",
      { class: "hour-head" },
      el("strong", { class: credit ? "text-credit" : "text-honour" }, `${minutes} `),
      kind,
      " ",
      el("span", { class: `state ${colour}` }, word),
    ),
    el("p", {}, span(hour.started_at, hour.ended_at), el("br"), hour.organisation_name),
    details(hour, credit, tools),
  ];
}

/** @type {(hour: Hour, credit: boolean, tools: Tools) => HTMLElement} */
function details(hour, credit, { signerOf, reload, share }) {
  const why = hour.service
    ? credit
      ? t("Clocked in and out at the place, by the server's time.")
      : t("Entered afterwards by the organisation, with a second person's approval. Such hours earn no yibi.")
    : t("You clocked in and out. It counts when the organisation has signed it.");
  /** @type {[string, string | HTMLElement][]} */
  const rows = [[t("Why it is one"), why]];
  if (hour.service) {
    const flags = hour.service.flags.map((flag) => el("li", {}, data.flags[flag] ?? flag));
    rows.push(
      [t("Length"), t("{n} min", { n: hour.service.minutes })],
      [t("Accepted"), moment(hour.entry.accepted_at)],
      [t("Pieces of evidence"), String(hour.service.evidence_count)],
      [t("Remarkable"), flags.length ? el("ul", { class: "plain" }, ...flags) : t("Nothing.")],
    );
  }
  const record = el("a", { href: `/records/${hour.record_id}` }, t("The record and its proof"));
  return el(
    "details",
    {},
    el("summary", {}, t("Why, and what can be done")),
    pairs(...rows),
    el(
      "div",
      { class: "below" },
      hour.service ? el("p", {}, record) : null,
      hour.service ? share(hour.record_id) : null,
    ),
    counts(hour) && hour.state !== "disputed" ? objectionForm(hour, signerOf, reload) : null,
  );
}

/** @type {(moved: Moved[], yibi: Me["account"]["yibi"]) => void} */
export function listCoins(moved, yibi) {
  const rule = tn(
    "One yibi for every minute of credit hours, counted over all of them. Nobody can make one by hand.",
    "One yibi for every {count} minutes of credit hours, counted over all of them. Nobody can make one by hand.",
    data.minutes_per_yibi,
  );
  const rows = [...moved].reverse().map(({ item, coins, minutes }) => {
    const cause = item.service
      ? t("Credit hours: {hours} in all by then", { hours: hours(/** @type {number} */ (minutes)) })
      : t("Thanks");
    return el(
      "tr",
      {},
      el("th", { scope: "row" }, moment(item.entry.accepted_at)),
      el("td", { "data-name": t("Why") }, cause),
      el("td", { class: "number", "data-name": t("Yibi") }, coins > 0 ? `+${coins}` : String(coins)),
    );
  });
  const head = el(
    "tr",
    {},
    ...[t("When"), t("Why")].map((name) => el("th", { scope: "col" }, name)),
    el("th", { scope: "col", class: "number" }, t("Yibi")),
  );
  const table = el(
    "table",
    { class: "rows" },
    el("caption", {}, rule),
    el("thead", {}, head),
    el("tbody", {}, ...rows),
  );
  const below =
    yibi.balance < 0
      ? el(
          "p",
          { class: "notice warn" },
          t("Hours whose yibi were spent have been voided: the next ones fill the gap first."),
        )
      : null;
  fill($("coins-list"), below, moved.length ? table : el("p", {}, rule));
}
