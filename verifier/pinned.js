// The check `ledger`: whether somebody whom the verifier trusts has named the ledger of a file.
//
// A genesis names its own keys, so anybody can found a ledger that proves whatever he likes under any name.
// A file of a ledger that nobody named is `unpinned`, whatever else it would be but `invalid`. And a ledger
// has one head of a size: with two of them, both signed, its log key shows two histories.

/** @import { Check, Facts, Pins, Report, SignedHead } from "./shapes.d.ts" */

const NOBODY = "nobody whom you trust has named this ledger";
// What a file is by itself, whoever's it is.
const UNPINNED_STAYS = ["invalid", "no_proof", "damaged"];

// Pins of whoever trusts no ledger, and of whoever trusts the one with this id.
/** @type {Pins} */
export const nobody = () => NOBODY;
/** @type {(trusted: string) => Pins} */
export const only = (trusted) => (ledger) =>
  ledger === trusted ? { by: "hand", host: "", newest: null } : NOBODY;

// The report on a file with the check `ledger` before all others, and the verdict with it. `pins` gives
// of a ledger's id, and of the host that its genesis calls its home, the pin, or why there is none.
/** @type {(report: Report, pins: Pins) => Report} */
export function withLedger(report, pins) {
  const { verdict, checks, facts, head } = report;
  const { ledger: known } = facts;
  if (UNPINNED_STAYS.includes(verdict) || known === undefined) return report;
  const pin = pins(known.id, known.home);
  /** @type {(ok: boolean | null, reason: string) => Check[]} */
  const checked = (ok, reason) => [{ name: "ledger", ok, reason }, ...checks];
  /** @type {(named: { by: "hand" | "site", host: string } | null) => Facts} */
  const placed = (named) => ({ ...facts, ledger: { ...known, named } });
  if (typeof pin === "string")
    return {
      ...report,
      verdict: "unpinned",
      within: verdict,
      checks: checked(null, pin),
      facts: placed(null),
    };
  if (head && twoHeads(pin.newest, head)) {
    const reason = `the log's key signed two heads of ${head.size} entries`;
    return { ...report, verdict: "invalid", checks: checked(false, reason), facts: {} };
  }
  const { by, host } = pin;
  const named = by === "hand" ? "its id was named by hand" : `the ledger of ${host}, by its own site`;
  return { ...report, checks: checked(true, named), facts: placed({ by, host }) };
}

// Whether two heads are of one size and contradict each other.
/** @type {(known: SignedHead | null, shown: SignedHead) => boolean} */
const twoHeads = (known, shown) => known !== null && known.size === shown.size && known.root !== shown.root;
