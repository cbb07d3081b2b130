// What stands beside the verdict on a certificate: hours by class, rows, signers, what changed.
import { activitiesOf } from "./certificate_rows.js";
import { acceptance, asOf, changeFact, ledgerFact, signersOf } from "./facts.js";
import { recordId, serviceOf } from "./records.js";

/**
 * @import {
 *   Certificate, CertificateProof, Entry, Facts, Found, RowFact, Service, Struct
 * } from "./shapes.d.ts"
 */

// Times in Unix seconds, durations in seconds and minutes. `found` and `worst`: {word, entry, change}.
/**
 * @type {(
 *   proof: CertificateProof, body: Certificate, ledger: string, found: Found[], worst: Found | null,
 *   anchoredAt: number | null,
 * ) => Facts}
 */
export function certificateFacts(proof, body, ledger, found, worst, anchoredAt) {
  const {
    genesis,
    seal,
    certificate: { entry, proof: proven },
  } = proof;
  const activities = activitiesOf(proof, ledger);
  /** @type {Facts} */
  const facts = {
    ledger: ledgerFact(genesis, ledger),
    record_id: recordId(ledger, entry.record),
    kind: "certificate",
    number: body.number,
    issuer: body.organisation,
    volunteer: body.volunteer,
    served_from: body.served_from,
    served_until: body.served_until,
    issued_at: body.issued_at,
    ...acceptance(entry, proven !== null),
    signers: signersOf(entry),
    credit_minutes: body.credit_minutes,
    honour_minutes: body.honour_minutes,
    rows: proof.services.map((service, at) => rowOf(proof, ledger, service, at, found[1 + at], activities)),
    log_size: seal !== null && proven !== null ? seal.index + 1 : null,
    anchored_at: anchoredAt,
    as_of: asOf(seal),
  };
  if (found[0]?.revoked) facts.flags = ["KEY_REVOKED"];
  if (worst?.change) {
    const { word: status, entry: of, change } = worst;
    const changed = changeFact(ledger, change, facts.log_size ?? 0);
    facts.change = { status, of: recordId(ledger, of.record), ...changed };
  }
  return facts;
}

/**
 * @type {(
 *   proof: CertificateProof, ledger: string, entry: Entry, at: number, status: Found | undefined,
 *   activities: Map<string, Struct<"Activity">>,
 * ) => RowFact}
 */
function rowOf(proof, ledger, entry, at, status, activities) {
  const service = /** @type {Service} */ (serviceOf(entry.record));
  const activity = activities.get(service.activity);
  const flags = proof.standing === null ? [] : [...entry.flags];
  if (status?.revoked) flags.push("KEY_REVOKED");
  return {
    record_id: recordId(ledger, entry.record),
    hour_class: service.hour_class,
    minutes: service.minutes,
    started_at: service.started_at,
    ended_at: service.ended_at,
    activity: activity?.title ?? "",
    category: activity?.category ?? "",
    accepted_at: proof.standing && entry.accepted_at,
    delay_seconds: proof.standing && entry.accepted_at - service.ended_at,
    evidence_count: service.evidence.length,
    signers: signersOf(entry),
    flags,
    status: status?.word ?? null,
  };
}
