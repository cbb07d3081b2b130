// What stands beside the verdict on a record: class, signers, delay, evidence, flags.
import { basisRecords } from "./basis.js";
import { recordId, serviceOf } from "./records.js";
import { issuerOf } from "./signers.js";

// Fields of clock events, confirmations and permits that say how the hours came about.
const SHOWN = [
  "direction",
  "clocked_at",
  "distance",
  "accuracy",
  "methods",
  "recipient",
  "answer",
  "reason",
  "served_from",
  "served_until",
  "minutes_max",
];

// Which ledger it is, and the civil time of its town, which never changes.
export const ledgerFact = (genesis, ledger) => ({
  name: genesis.name,
  id: ledger,
  utc_offset_minutes: genesis.policy.utc_offset_minutes,
});

// Times in Unix seconds, durations in seconds and minutes. Index and time of acceptance are the log's to
// say: without a checkpoint they are null, and stand in `claimed` as what the file says of itself.
export function factsOf(bundle, ledger, head, anchoredAt) {
  const { genesis, seal } = bundle;
  const { entry } = bundle.record;
  const { record } = entry;
  /** @type {Record<string, any>} */
  const facts = {
    ledger: ledgerFact(genesis, ledger),
    record_id: recordId(ledger, record),
    kind: record.kind,
    ...acceptance(entry, head !== null),
    signers: signersOf(entry),
    issuer: issuerOf(record),
    log_size: head === null ? null : Number(head.size),
    anchored_at: anchoredAt,
    as_of: asOf(seal),
  };
  if (bundle.certification?.record.kind === "organisation") {
    facts.issuer_name = bundle.certification.record.body.name;
  }
  const service = serviceOf(record);
  if (service) Object.assign(facts, serviceFacts(bundle, ledger, service, head));
  if (record.kind === "amend") facts.amends = record.body.target;
  const change = bundle.change ?? bundle.revocations[0];
  if (change) facts.change = changeFact(ledger, change, head?.size ?? 0);
  return facts;
}

// Index and time of acceptance (Unix s): as facts where the log signed them, else as claims.
export function acceptance({ index, accepted_at: at }, signed) {
  const claimed = { index, accepted_at: at };
  return signed ? claimed : { index: null, accepted_at: null, claimed };
}

export const signersOf = ({ record }) => record.signatures.map(({ role, signer }) => ({ role, signer }));

// What changed a record, and by whom: the organisation that answers for the change, else who signed it.
// One that is newer than the log of `size` entries has no time of acceptance.
export function changeFact(ledger, entry, size) {
  const { record, index, accepted_at: at } = entry;
  const [{ role, signer }] = record.signatures;
  return {
    kind: record.kind,
    action: record.body.action ?? null,
    reason: record.body.reason ?? null,
    by: { role, address: issuerOf(record) ?? signer },
    signers: signersOf(entry),
    record_id: recordId(ledger, record),
    accepted_at: index < size ? at : null,
    issued_at: record.body.issued_at ?? null,
  };
}

function serviceFacts(bundle, ledger, service, head) {
  const { accepted_at: accepted } = bundle.record.entry;
  const revoked = bundle.revocations.length > 0 ? ["KEY_REVOKED"] : [];
  const stated = bundle.status?.value.flags;
  return {
    hour_class: service.hour_class,
    volunteer: service.volunteer,
    minutes: service.minutes,
    started_at: service.started_at,
    ended_at: service.ended_at,
    delay_seconds: head === null ? null : accepted - service.ended_at,
    evidence_count: service.evidence.length,
    mints: service.hour_class === "credit",
    // Unknown while no state tree says which.
    flags: stated || revoked.length > 0 ? [...(stated ?? []), ...revoked] : null,
    basis: basisRecords(bundle).map((record) => basisFacts(ledger, record)),
  };
}

function basisFacts(ledger, record) {
  const found = { kind: record.kind, record_id: recordId(ledger, record) };
  for (const name of SHOWN.filter((field) => field in record.body)) found[name] = record.body[name];
  return found;
}

// As of which batch a file is: that of its seal; null where it shows none.
export function asOf(seal) {
  if (seal?.record.kind !== "seal") return null;
  const {
    index,
    record: { body },
  } = seal;
  return { batch: body.batch, size: index + 1, time: body.sealed_at };
}
