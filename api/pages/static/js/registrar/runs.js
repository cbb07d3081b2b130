// The runs of a university, the newest first.
import { askUniversity } from "./university.js";
import { $, button, el, fill } from "../shared/dom.js";
import { moment } from "../shared/figures.js";
import { t } from "../shared/words.js";

/** @import { RunForm, RunList } from "../answers.d.ts" */

/** @type {(run: RunForm) => HTMLElement} */
export const stageOf = (run) =>
  ({
    draft: el("span", { class: "state warn" }, t("Draft")),
    published: el("span", { class: "state warn" }, t("Published")),
    final: el("span", { class: "state good" }, t("Final")),
  })[/** @type {"draft" | "published" | "final"} */ (run.stage)];

/** @type {(open: (run: string) => unknown) => Promise<void>} */
export async function listRuns(open) {
  const { items } = /** @type {RunList} */ (await askUniversity("GET", "/credit-runs"));
  const rows = items.map((run) =>
    el(
      "li",
      {},
      el(
        "span",
        {},
        el("strong", {}, `${run.scheme} ${run.version}`),
        " ",
        stageOf(run),
        el("br"),
        el("span", { class: "quiet" }, `${run.file_name} · ${moment(run.made_at)}`),
      ),
      button(t("Open"), () => open(run.run)),
    ),
  );
  fill($("runs"), ...(rows.length ? rows : [el("li", { class: "quiet" }, t("There are no runs yet."))]));
}
