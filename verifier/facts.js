// What stands beside the verdict on a record: class, signers, delay, evidence, flags.
import { basisRecords } from "./basis.js";
import { recordId, serviceOf } from "./records.js";
import { issuerOf } from "./signers.js";

/**
 * @import {
 *   BasisFact, Bundle, ChangeFact, Entry, Facts, FieldName, Genesis, Head, LedgerRecord, Service, Signer
 * } from "./shapes.d.ts"
 */

// Fields of clock events, confirmations and permits that say how the hours came about.
/** @type {FieldName[]} */
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

const LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
// The name of a host: at least two labels, and the last begins with a letter as that of no address does.
const HOST = new RegExp(`^(?=.{1,253}$)(?:${LABEL}\\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$`);

// The host that a genesis calls the ledger's home, "" where it names none. It is a claim until that host's
// own site names the ledger, too.
/** @type {(genesis: Genesis) => string} */
function homeOf({ home }) {
  return HOST.test(home) && !home.endsWith(".local") ? home : "";
}

// Which ledger it is, and the civil time of its town, which never changes.
/** @type {(genesis: Genesis, ledger: string) => NonNullable<Facts["ledger"]>} */
export const ledgerFact = (genesis, ledger) => ({
  name: genesis.name,
  home: homeOf(genesis),
  id: ledger,
  utc_offset_minutes: genesis.policy.utc_offset_minutes,
});

// Times in Unix seconds, durations in seconds and minutes. Index and time of acceptance are the log's to
// say: without a checkpoint they are null, and stand in `claimed` as what the file says of itself.
/**
 * @type {(
 *   bundle: Bundle, ledger: string, head: Head | null, anchoredAt: number | null, revoked: boolean,
 * ) => Facts}
 */
export function factsOf(bundle, ledger, head, anchoredAt, revoked) {
  const { genesis, seal } = bundle;
  const { entry } = bundle.record;
  const { record } = entry;
  /** @type {Facts} */
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
  const taken = revoked ? ["KEY_REVOKED"] : [];
  if (service) Object.assign(facts, serviceFacts(bundle, ledger, service, head, taken));
  else if (revoked) facts.flags = taken;
  if (record.kind === "amend") facts.amends = record.body.target;
  const { change } = bundle;
  if (change) facts.change = changeFact(ledger, change, head?.size ?? 0);
  return facts;
}

// Index and time of acceptance (Unix s): as facts where the log signed them, else as claims.
/** @type {(entry: Entry, signed: boolean) => Pick<Facts, "index" | "accepted_at" | "claimed">} */
export function acceptance({ index, accepted_at: at }, signed) {
  const claimed = { index, accepted_at: at };
  return signed ? claimed : { index: null, accepted_at: null, claimed };
}

/** @type {(entry: Entry) => Signer[]} */
export const signersOf = ({ record }) => record.signatures.map(({ role, signer }) => ({ role, signer }));

// What changed a record, and by whom: the organisation that answers for the change, else who signed it.
// One that is newer than the log of `size` entries has no time of acceptance.
/** @type {(ledger: string, entry: Entry, size: bigint | number) => ChangeFact} */
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

/**
 * @type {(
 *   bundle: Bundle, ledger: string, service: Service, head: Head | null, taken: string[],
 * ) => Facts}
 */
function serviceFacts(bundle, ledger, service, head, taken) {
  const { accepted_at: accepted, flags } = bundle.record.entry;
  return {
    hour_class: service.hour_class,
    volunteer: service.volunteer,
    minutes: service.minutes,
    started_at: service.started_at,
    ended_at: service.ended_at,
    delay_seconds: head === null ? null : accepted - service.ended_at,
    evidence_count: service.evidence.length,
    mints: service.hour_class === "credit",
    // Unknown while the log does not say which.
    flags: head === null ? null : [...flags, ...taken],
    basis: basisRecords(bundle).map((record) => basisFacts(ledger, record)),
  };
}

/** @type {(ledger: string, record: LedgerRecord) => BasisFact} */
function basisFacts(ledger, record) {
  /** @type {BasisFact} */
  const found = { kind: record.kind, record_id: recordId(ledger, record) };
  for (const name of SHOWN.filter((field) => field in record.body)) found[name] = record.body[name];
  return found;
}

// As of which batch a file is: that of its seal; null where it shows none.
/** @type {(seal: Entry | null) => NonNullable<Facts["as_of"]> | null} */
export function asOf(seal) {
  if (seal?.record.kind !== "seal") return null;
  const {
    index,
    record: { body },
  } = seal;
  return { batch: body.batch, size: index + 1, time: body.sealed_at };
}
