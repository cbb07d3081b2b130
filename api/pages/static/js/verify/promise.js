// A receipt says what was promised: the site is asked what its log holds at that place, and what it answers
// is judged here too. A site that lies can keep the newest head back, but signs what it shows.
import { utf8 } from "../../verifier/bytes.js";
import { t } from "./words.js";

/** @import { Bytes } from "../../verifier/shapes.d.ts" */
/** @import { Shown } from "../shapes.d.ts" */

/** @type {(report: Shown) => boolean | null | undefined} */
const keptBy = ({ checks }) => checks.find(({ name }) => name === "promise")?.ok;

// The report that counts: of the receipt with the head that the site of this ledger shows, if that says more
// than the file by itself. `fetched(index)` asks the site, `judge(bytes)` makes a report.
/**
 * @type {(
 *   own: Shown, ledger: string | undefined,
 *   fetched: (index: number) => Promise<Response>,
 *   judge: (bytes: Bytes) => Promise<Shown>,
 * ) => Promise<Shown>}
 */
export async function withHead(own, ledger, fetched, judge) {
  const open = own.verdict === "pending" || own.verdict === "unchecked";
  if (!open || own.facts.ledger.id !== ledger) return own;
  try {
    const answer = await fetched(own.facts.index);
    if (!answer.ok) return own;
    const found = await judge(utf8(JSON.stringify({ ...own.value, head: await answer.json() })));
    if (found.verdict === "invalid")
      return { ...own, note: t("What this site shows of its log does not hold: this is of the file alone.") };
    if (keptBy(found) === null) return own;
    return {
      ...found,
      note: t("This site was asked what its log holds at that place; it was checked here."),
    };
  } catch (error) {
    console.warn(error);
    return { ...own, note: t("This site does not answer what its log holds: this is of the file alone.") };
  }
}
