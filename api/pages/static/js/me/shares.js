// Links by which I show one hour or certificate to others, and who looked.
import { ask, call } from "../shared/api.js";
import { copyButton } from "../shared/copy.js";
import { say } from "../shared/message.js";
import { $, button, el, fill, show } from "../shared/dom.js";
import { day, moment, now } from "../shared/figures.js";
import { t, tn } from "../shared/words.js";

/** @import { NewShare, ShareForm, ShareList } from "../answers.d.ts" */

const DAYS = [7, 30, 90];

// Lists my links; gives what makes the form for one record.
/** @type {() => Promise<typeof shareForm>} */
export async function setUpShares() {
  const { items } = /** @type {ShareList} */ (await ask("GET", "/shares"));
  const open = items.filter((share) => !share.revoked_at && share.expires_at > now());
  const list = items.map((share) => el("li", {}, ...oneShare(share, open.includes(share))));
  fill(
    $("shares-list"),
    list.length ? el("ul", { class: "plain shares" }, ...list) : el("p", {}, t("You have shared nothing.")),
  );
  return shareForm;
}

/** @type {(share: ShareForm, open: boolean) => (HTMLElement | null)[]} */
function oneShare(share, open) {
  const ended = share.revoked_at ? t("Withdrawn") : t("Ended");
  const until = t("until {day}", { day: day(share.expires_at) });
  const looks = share.views.map((view) =>
    el("li", {}, view.network ? `${moment(view.seen_at)} · ${view.network}` : moment(view.seen_at)),
  );
  const withdraw = button(
    t("Withdraw"),
    async () => {
      await call("DELETE", `/shares/${share.share_id}`);
      await setUpShares();
    },
    "grave",
  );
  return [
    el(
      "p",
      {},
      el("strong", {}, share.name || t("Without a name")),
      " ",
      el("span", { class: `state ${open ? "good" : ""}` }, open ? until : ended),
    ),
    looks.length
      ? el(
          "details",
          {},
          el("summary", {}, t("Looked at: {n}", { n: looks.length })),
          el("ul", { class: "plain" }, ...looks),
        )
      : el("p", { class: "quiet" }, t("Nobody has looked yet.")),
    open ? withdraw : null,
  ];
}

/** @type {(record: string) => HTMLElement} */
function shareForm(record) {
  const name = el("input", { maxlength: 20, autocomplete: "off" });
  const days = el(
    "select",
    {},
    ...DAYS.map((n) => el("option", { value: n }, tn("{count} day", "{count} days", n))),
  );
  const result = el("div", { class: "notice good", hidden: true });
  const form = el(
    "form",
    { class: "below" },
    el("div", { class: "field" }, el("label", {}, t("For whom (only you see this)"), name)),
    el("div", { class: "field" }, el("label", {}, t("How long"), days)),
    el("button", { class: "second" }, t("Make a link")),
  );
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      const asked = { record_id: record, name: name.value.trim(), days: Number(days.value) };
      const { path } = /** @type {NewShare} */ (await ask("POST", "/shares", asked));
      const address = new URL(path, location.origin).href;
      fill(
        result,
        el("p", {}, t("The link is shown once:")),
        el("p", { class: "mono whole" }, address),
        copyButton(address),
      );
      show(true, result);
      await setUpShares();
    } catch (error) {
      say(/** @type {Error} */ (error).message, "bad");
    }
  });
  return el("details", {}, el("summary", {}, t("Show it to others")), form, result);
}
