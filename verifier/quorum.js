// How many authorities must sign what, and the bounds of the charter that says so (docs/spec/charters.md).
import { demand, Refused } from "./checks.js";
import { DECLARED } from "./kinds.js";
import { SKEW_SECONDS } from "./times.js";

/** @import { AnyCharter, LedgerRecord, Signers } from "./shapes.d.ts" */

const TARGETS_MAX = 4;

/** @type {(holds: unknown, why: string) => void} */
const need = (holds, why) => {
  if (!holds) throw new Refused("BAD_VALUE", why);
};

/** @type {(list: string[]) => boolean} */
const rise = (list) => list.every((one, at) => at === 0 || list[at - 1] < one);

// Whether addresses stand in the order of their bytes, each once.
/** @type {(addresses: string[]) => boolean} */
export const rising = (addresses) => rise(addresses.map((address) => address.toLowerCase()));

// The bounds of a charter; the genesis is the first.
/** @type {(charter: AnyCharter) => void} */
export function checkSound({ certify_threshold: few, threshold: many, authorities, targets, modules }) {
  const right = 1 <= few && few <= many && many <= authorities.length;
  need(right, "thresholds: 1 <= certify_threshold <= threshold <= number of authorities");
  need(rising(authorities), "authorities: in rising order");
  const chains = new Set(targets.map((target) => target.chain_id));
  const apart = targets.length <= TARGETS_MAX && chains.size === targets.length;
  need(apart, `targets: at most ${TARGETS_MAX}, no chain twice`);
  need(rise(modules), "modules: in rising order");
}

// What is declared of the signers of a record with this body.
/** @type {(record: LedgerRecord) => Signers[]} */
export const signedBy = ({ kind, body }) =>
  DECLARED[kind].signed_by.filter(
    ({ when, unless }) => (!when || body[when[0]] === when[1]) && (!unless || body[unless[0]] !== unless[1]),
  );

// How many authorities must sign a record that one signed, accepted at a time (Unix s). What takes effect
// before it was said or entered is for as many as a charter is.
/** @type {(charter: AnyCharter, record: LedgerRecord, time: number) => number} */
function needed(charter, record, time) {
  const quorum = signedBy(record).find((signers) => signers.quorum !== undefined)?.quorum;
  if (quorum === undefined) return 1;
  const { valid_from: since, issued_at: said } = record.body;
  const back = since !== undefined && said !== undefined && since < Math.max(said, time - SKEW_SECONDS);
  const member = back ? "threshold" : quorum;
  return member === "" ? 1 : charter[member];
}

// Who signed a record as an authority, in order.
/** @type {(record: LedgerRecord) => string[]} */
export const signersOf = ({ signatures }) =>
  signatures.filter(({ role }) => role === "authority").map(({ signer }) => signer);

// As many of the charter's authorities signed as must, each once, in rising order; a record that none
// signed needs none.
/** @type {(charter: AnyCharter, record: LedgerRecord, time: number) => void} */
export function checkQuorum(charter, record, time) {
  const signers = signersOf(record);
  if (signers.length === 0) return;
  demand(rising(signers), "authorities sign in rising order, each once");
  const wanted = needed(charter, record, time);
  demand(signers.length >= wanted, `${signers.length} of ${wanted} authorities signed`);
}

// Whether authorities of a charter signed a record, and as many as must.
/** @type {(charter: AnyCharter, record: LedgerRecord, time: number) => boolean} */
export const meets = (charter, record, time) => {
  const signers = signersOf(record);
  const known = rising(signers) && signers.every((one) => charter.authorities.includes(one));
  return known && (signers.length === 0 || signers.length >= needed(charter, record, time));
};
