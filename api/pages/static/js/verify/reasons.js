// The reasons of checks in the reader's words. Verifiers give them in English (`verifier/`): what a check
// found, or why it could not be made, is said here; how a forged file fails in detail is not.
import { anchorText } from "./anchors.js";
import { code, mark, t } from "./words.js";

const REASONS = [
  mark("not reached: an earlier check failed"),
  mark("no checkpoint of the log is shown to look for"),
  mark("the checkpoint is not anchored on a chain yet"),
  mark("the log has signed nothing of this file: its record is shown in no batch"),
  mark("there is no checkpoint that this could be proved by"),
  mark("a complete bundle, every value in its one spelling"),
  mark("a complete statement, every value in its one spelling"),
  mark("a complete transcript, every value in its one spelling"),
  mark("a proof of a certificate, every value in its one spelling"),
  mark("the bundle is of another ledger than the one trusted"),
  mark("the statement is of another ledger than the one trusted"),
  mark("the transcript is of another ledger than the one trusted"),
  mark("{count} signatures recover to their signers"),
  mark("signed by {roles} as the kind demands"),
  mark("every record is signed as its kind demands"),
  mark("{count} signatures rest on grants that are not shown here"),
  mark("entry {index} hashes to the leaf that is proved"),
  mark("{count} entries are in the log of {size}, the others are held by the chain alone"),
  mark("{count} entries are in the log of {size}"),
  mark("the seal is in the log of {size}"),
  mark("{origin} signed the head of {size} entries"),
  mark("{count} entries stand in the order of time, the block behind them"),
  mark("{count} entries stand in the order of time"),
  mark("{name} was certified for that time by an authority of {ledger}"),
  mark("{name} was certified then, and for the time of every service"),
  mark("this kind of record has no issuing organisation"),
  mark("{status} as of batch {batch}"),
  mark("{status} since by what its signers say"),
  mark("{status} by what the signers say"),
  mark("entered with a key that was revoked from before then on"),
  mark("nothing concerned this address as of batch {batch}"),
  mark("these were its totals as of batch {batch}"),
  mark("totals as of batch {from} and of batch {until}, {count} services as of batch {batch}"),
  mark("these {count} entries are all there are between the two batches"),
  mark("the entries come to what the totals grew by"),
  mark("{name} signed it, and recorded it as number {number}"),
  mark("{count} rows are as their records say, and the totals are their sums"),
];

// What fills a place of a message is a code, or several: said in words too.
/** @type {Record<string, (text: string) => string>} */
const CODED = {
  roles: (text) => text.split(", ").map(code).join(t(", ")),
  status: code,
};

const special = /[.*+?^$()|[\]\\]/g;
/** @type {[message: string, form: RegExp][]} */
const FORMS = REASONS.map((message) => [
  message,
  new RegExp(`^${message.replace(special, "\\$&").replace(/\{([a-z]+)\}/g, "(?<$1>.+)")}$`),
]);

/** @type {(part: string) => string | null} */
function said(part) {
  for (const [message, form] of FORMS) {
    const found = form.exec(part);
    if (found) {
      const values = Object.entries(found.groups ?? {});
      return t(
        message,
        Object.fromEntries(values.map(([name, text]) => [name, CODED[name]?.(text) ?? text])),
      );
    }
  }
  return null;
}

// The reason of a check; null for one that has no words here.
/** @type {(name: string, reason: string) => string | null} */
export function reasonText(name, reason) {
  if (name === "anchor") {
    const found = anchorText(reason);
    if (found !== null) return found;
  }
  const parts = reason.split("; ").map(said);
  return parts.includes(null) ? null : parts.join(t("; "));
}
