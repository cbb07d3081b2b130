// What stands beside the verdict on a record: class, signers, delay, evidence, flags.
import { basisRecords } from "./basis.js";
import { recordId, serviceOf } from "./records.js";
import { issuerOf } from "./standing.js";

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

// Times in Unix seconds, durations in seconds and minutes.
export function factsOf(bundle, ledger, head, anchoredAt) {
  const { genesis, seal, change } = bundle;
  const { entry } = bundle.record;
  const { record } = entry;
  const facts = {
    ledger: { name: genesis.name, id: ledger },
    record_id: recordId(ledger, record),
    kind: record.kind,
    index: entry.index,
    accepted_at: entry.accepted_at,
    signers: record.signatures.map(({ role, signer }) => ({ role, signer })),
    issuer: issuerOf(record),
    log_size: head === null ? null : Number(head.size),
    anchored_at: anchoredAt,
    as_of: seal === null ? null : asOf(seal),
  };
  if (bundle.certification?.record.kind === "organisation") {
    facts.issuer_name = bundle.certification.record.body.name;
  }
  const service = serviceOf(record);
  if (service) Object.assign(facts, serviceFacts(bundle, ledger, service));
  if (record.kind === "amend") facts.amends = record.body.target;
  if (change !== null) {
    facts.change = {
      kind: change.record.kind,
      reason: change.record.body.reason ?? null,
      record_id: recordId(ledger, change.record),
      accepted_at: change.accepted_at,
    };
  }
  return facts;
}

function serviceFacts(bundle, ledger, service) {
  const { accepted_at: accepted } = bundle.record.entry;
  const revoked = bundle.revocations.length > 0 ? ["KEY_REVOKED"] : [];
  const stated = bundle.status?.value.flags;
  return {
    hour_class: service.hour_class,
    volunteer: service.volunteer,
    minutes: service.minutes,
    started_at: service.started_at,
    ended_at: service.ended_at,
    delay_seconds: accepted - service.ended_at,
    late_limit_working_days: bundle.genesis.policy.late_working_days,
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

// As of which batch the status or the totals are proved.
export function asOf({ index, record: { body } }) {
  return { batch: body.batch, size: index + 1, time: body.sealed_at };
}
