// What a record rests on that may be taken back (docs/spec/proofs.md): the standing of the organisation that
// answers for it, and the grants of the keys that signed for it, as the state tree has them.
import { basisRecords } from "./basis.js";
import { hex } from "./bytes.js";
import { charterAt } from "./charters.js";
import { demand } from "./checks.js";
import { checkAnyAddress, checkInteger, LIST_MAX } from "./fields.js";
import { isObject } from "./json.js";
import { SELVES } from "./kinds.js";
import { grants, issuerOf, scopeOf } from "./signers.js";
import { delegationName, endedValue, organisationName, revokedValue } from "./totals.js";

/**
 * @import {
 *   Bundle, Bytes, Entry, JsonObject, LedgerRecord, Pair, Rest, Root, Scope, Taken, Wanted
 * } from "./shapes.d.ts"
 */

const NOWHERE = -1;

// {organisation, revoked} out of a standing; the form alone.
/** @type {(value: JsonObject) => asserts value is JsonObject & Taken} */
export function checkTakenForm({ organisation, revoked }) {
  const list = Array.isArray(revoked) && revoked.length <= LIST_MAX;
  demand(list, `revoked are a list of at most ${LIST_MAX}`);
  if (organisation !== null) {
    const right = isObject(organisation, ["ended", "successor"]);
    demand(right, "ended and successor of the organisation are needed");
    checkPairs(organisation.ended);
    checkAnyAddress(organisation.successor, "successor");
    const some = /** @type {unknown[]} */ (organisation.ended).length > 0;
    demand(some, "what was taken back of the organisation is needed");
  }
  revoked.forEach(checkPairs);
}

/** @type {(value: unknown) => void} */
function checkPairs(value) {
  const list = Array.isArray(value) && value.length <= LIST_MAX;
  demand(list, `pairs are a list of at most ${LIST_MAX}`);
  for (const [at, pair] of value.entries()) {
    demand(Array.isArray(pair) && pair.length === 2, "a pair has two numbers");
    pair.forEach((number) => checkInteger(number, "pair"));
    const rises = at === 0 || (value[at - 1][0] < pair[0] && value[at - 1][1] < pair[1]);
    demand(rises, "the pairs do not rise");
  }
}

// What an entry rests on: its organisation first, then the keys that it lets sign. What was taken back
// before the entry was made, it withstood.
/** @type {(root: Root, entry: Entry) => Promise<Rest[]>} */
export const entryRests = (root, { record, index, accepted_at: time }) =>
  restsOfRecord(charterAt(root, index).authorities, record, time, () => index, index);

// What the record of a bundle rests on, and the clock events of its basis: these are not in the log of their
// own, so they withstood what is before the grant that is shown for them.
/** @type {(bundle: Bundle) => Promise<Rest[]>} */
export async function restsOf(bundle) {
  const { root, record, certification, delegations } = bundle;
  const { entry } = record;
  const rests = await entryRests(root, entry);
  for (const clock of basisRecords(bundle).filter(({ kind }) => kind === "clock")) {
    const time = /** @type {number} */ (clock.body.clocked_at);
    /** @type {(organisation: string, signer: string, scope: Scope) => number} */
    const granted = (organisation, signer, scope) =>
      delegations.find(
        (grant) => grant.index < entry.index && grants(grant.record, organisation, signer, scope, time),
      )?.index ?? NOWHERE;
    rests.push(...(await restsOfRecord([], clock, time, granted, certification?.index ?? NOWHERE)));
  }
  return rests;
}

/**
 * @type {(
 *   authorities: string[], record: LedgerRecord, time: number,
 *   granted: (organisation: string, signer: string, scope: Scope) => number, certified: number,
 * ) => Promise<Rest[]>}
 */
async function restsOfRecord(authorities, record, time, granted, certified) {
  const organisation = issuerOf(record);
  if (organisation === null) return [];
  /** @type {Rest[]} */
  const rests = [[await organisationName(organisation), certified, time]];
  for (const claim of record.signatures) {
    const scope = scopeOf(record, claim);
    if (scope === null || [...SELVES, "authority"].includes(claim.role)) continue;
    if (claim.role === "approver" && authorities.includes(claim.signer)) continue;
    if (claim.signer === organisation && claim.role !== "station") continue;
    const after = granted(organisation, claim.signer, scope);
    rests.push([await delegationName(organisation, claim.signer), after, time]);
  }
  return rests;
}

// What the tree must say for this to be all that was taken back, and by leaf (0x-hex) what was.
/**
 * @type {(
 *   organisation: string | null, rests: Rest[], taken: Taken,
 * ) => Promise<{ wanted: Wanted[], pairs: Map<string, Pair[]> }>}
 */
export async function takenLeaves(organisation, rests, { organisation: ended, revoked }) {
  const own = organisation === null ? null : await organisationName(organisation);
  const keys = new Map(rests.map(([key]) => [hex(key), key]));
  if (own !== null) keys.delete(hex(own));
  demand(keys.size === revoked.length, "what was taken back of each key that signed is needed");
  /** @type {Map<string, Pair[]>} */
  const pairs = new Map();
  /** @type {Wanted[]} */
  const wanted = [];
  for (const [place, [name, key]] of [...keys].entries()) {
    pairs.set(name, revoked[place]);
    wanted.push([key, await revokedValue(revoked[place])]);
  }
  demand(own !== null || ended === null, "no organisation answers for this kind of record");
  if (own !== null) {
    pairs.set(hex(own), ended?.ended ?? []);
    wanted.push([own, await endedValue(ended)]);
  }
  return { wanted, pairs };
}

// Whether something was taken back of what a record rests on.
/** @type {(pairs: Map<string, Pair[]>, rests: Rest[]) => boolean} */
export const isTaken = (pairs, rests) =>
  rests.some(([key, after, time]) =>
    (pairs.get(hex(key)) ?? []).some(([index, since]) => index > after && since <= time),
  );

// That a certificate rests on the key with which its credential is signed, from when that says that it was
// issued.
/** @type {(certificate: Entry, bound: Entry) => Promise<Rest>} */
export async function issuerRest({ index, record: { kind, body } }, { record: key }) {
  const right = kind === "certificate" && key.kind === "issuer_key";
  demand(right, "a certificate and the key of its issuer are needed");
  return [await delegationName(body.organisation, key.body.public_key), index, body.issued_at];
}
