// Whom the page trusts about ledgers: the site that it is of, about that site's own; else who looks at it.
// Of each of them this browser keeps the newest head that was seen.
import { only } from "../../verifier/verify.js";

/** @import { Pin, Pins, Report, SignedHead } from "../../verifier/shapes.d.ts" */

/** @type {(ledger: string) => string} */
const nameOf = (ledger) => `hourledger.newest.${ledger}`;

// The newest head of a ledger that was seen here; null where none was, or nothing can be kept.
/** @type {(ledger: string) => SignedHead | null} */
function newestOf(ledger) {
  try {
    const { size, root, note } = JSON.parse(localStorage.getItem(nameOf(ledger)) ?? "null");
    const whole = Number.isSafeInteger(size) && /^0x[0-9a-f]{64}$/.test(root) && typeof note === "string";
    return whole ? { size, root, note } : null;
  } catch {
    return null;
  }
}

// `trusted` is the id that stands in the page's settings, `own` that of the site at `host`. `noted(report)`
// keeps the head of a report, if it is the newest, and gives the two notes of one that contradicts it.
/**
 * @type {(trusted: string, own: string | undefined, host: string) => {
 *   pins: Pins, noted: (report: Report) => [known: string, shown: string] | null,
 * }}
 */
export function pinsOf(trusted, own, host) {
  /** @type {Pin | null} */
  let asked = null;
  /** @type {Pins} */
  const pins = (ledger, home) => {
    const pin = only(trusted)(ledger, home);
    if (typeof pin === "string") return pin;
    asked = { ...pin, newest: newestOf(ledger) };
    return ledger === own ? { ...asked, by: "site", host } : asked;
  };
  return { pins, noted: (report) => noted(trusted, asked, report) };
}

/** @type {(ledger: string, pin: Pin | null, report: Report) => [string, string] | null} */
function noted(ledger, pin, { verdict, checks, head }) {
  if (pin === null || head === null) return null;
  const { newest } = pin;
  if (verdict === "invalid") {
    const two = newest !== null && checks.some(({ name, ok }) => name === "ledger" && ok === false);
    return two ? [newest.note, head.note] : null;
  }
  if (newest !== null && newest.size >= head.size) return null;
  try {
    localStorage.setItem(nameOf(ledger), JSON.stringify(head));
  } catch {
    // A file on a disk may have no store.
  }
  return null;
}
