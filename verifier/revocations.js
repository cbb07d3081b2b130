// What was taken back after an entry was made, of what its signers rest on (docs/spec/proofs.md).
import { basisRecords, timeOf } from "./basis.js";
import { demand } from "./checks.js";
import { issuerOf } from "./signers.js";

/** @import { Bundle, Entry, LedgerRecord } from "./shapes.d.ts" */

// Whether something that the record rests on was taken back from a time before it; each revocation
// shown must say so of a part.
/** @type {(bundle: Bundle) => boolean} */
export function checkRevocations(bundle) {
  const { entry } = bundle.record;
  for (const revocation of bundle.revocations) {
    const concerns =
      withdrawn(entry, revocation) ||
      basisRecords(bundle).some((record) => takesBack(revocation, record, timeOf(record)));
    demand(concerns, "a revocation is shown that concerns no part of it");
  }
  return bundle.revocations.length > 0;
}

// Whether a later entry takes back, from a time before it, what the signers of one rest on. What was
// taken back before the entry was made, it withstood.
/** @type {(entry: Entry, revocation: Entry) => boolean} */
export const withdrawn = (entry, revocation) =>
  revocation.index > entry.index && takesBack(revocation, entry.record, entry.accepted_at);

// Whether a later entry revokes the key with which a certificate was signed, from a time before it.
/** @type {(entry: Entry, bound: LedgerRecord, revocation: Entry) => boolean} */
export function takesBackKey({ index, record: { kind, body } }, bound, revocation) {
  const { kind: what, body: revoked } = revocation.record;
  if (kind !== "certificate" || what !== "issuer_key" || revoked.action !== "revoke") return false;
  const whose = revoked.organisation === body.organisation && revoked.public_key === bound.body.public_key;
  return revocation.index > index && whose && revoked.valid_from <= body.issued_at;
}

/** @type {(revocation: Entry, record: LedgerRecord, time: number) => boolean} */
function takesBack({ record: { kind, body } }, record, time) {
  if (body.organisation !== issuerOf(record) || /** @type {number} */ (body.valid_from) > time) return false;
  if (kind === "organisation") return body.action !== "certify" && record.signatures.length > 0;
  const signers = record.signatures.map((claim) => claim.signer);
  return kind === "delegation" && body.action === "revoke" && signers.includes(body.delegate);
}
