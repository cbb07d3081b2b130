// The rows of a certificate, each against its record: what was done, when, and of which class.
import { demand } from "./checks.js";
import { hex, unhex } from "./bytes.js";
import { ZERO_HASH } from "./fields.js";
import { leafHash, rootOfAll } from "./merkle.js";
import { recordId, serviceOf } from "./records.js";

/** @import { Bytes, Certificate, CertificateProof, Entry, Row, Service, Struct } from "./shapes.d.ts" */

const NEEDED = "a row for each service is needed, and no other";

// Every service has its row and every row its service; the totals are their sums.
/**
 * @type {(
 *   proof: CertificateProof, body: Certificate, rows: Row<string>[], ledger: string,
 * ) => Promise<string>}
 */
export async function checkRows(proof, body, rows, ledger) {
  const { services } = proof;
  const claims = new Map(rows.map((row) => [row.record, row]));
  demand(claims.size === rows.length && rows.length === services.length, NEEDED);
  const ordered = services.every(({ index }, at) => at === 0 || services[at - 1].index < index);
  demand(ordered, "the services are not in the order of the log");
  const activities = activitiesOf(proof, ledger);
  /** @type {[Bytes[], Record<string, number>, Set<string>]} */
  const [leaves, minutes, used] = [[], { credit: 0, honour: 0 }, new Set()];
  for (const entry of services) {
    const id = recordId(ledger, entry.record);
    const [claim, service] = [claims.get(id), serviceOf(entry.record)];
    demand(claim !== undefined && service !== null, NEEDED);
    checkService(service, body);
    checkRow(claim, service, entry, activities.get(service.activity));
    used.add(service.activity);
    leaves.push(await leafHash(unhex(id)));
    minutes[service.hour_class] += service.minutes;
  }
  const named = [...activities.keys()].every((id) => used.has(id));
  demand(named, "an activity is shown that no service names");
  const root = leaves.length > 0 ? hex(await rootOfAll(leaves)) : null;
  demand(root === body.services && leaves.length === body.count, "the record certifies other services");
  const sums = minutes.credit === body.credit_minutes && minutes.honour === body.honour_minutes;
  demand(sums, "the totals of the record are not the sums of the services");
  return `${rows.length} rows are as their records say, and the totals are their sums`;
}

// Record id → body of each activity shown.
/** @type {(proof: CertificateProof, ledger: string) => Map<string, Struct<"Activity">>} */
export function activitiesOf({ activities }, ledger) {
  const found = new Map();
  for (const { record } of activities) {
    demand(record.kind === "activity", "an activity is needed");
    found.set(recordId(ledger, record), record.body);
  }
  demand(found.size === activities.length, "an activity is shown twice");
  return found;
}

/** @type {(service: Service, body: Certificate) => void} */
function checkService(service, body) {
  const whose = service.organisation === body.organisation && service.volunteer === body.volunteer;
  demand(whose, "a service is of another organisation or volunteer");
  const inside = body.served_from <= service.started_at && service.started_at < body.served_until;
  demand(inside, "a service did not start in the period");
}

/**
 * @type {(
 *   claim: Row<string>, service: Service, entry: Entry, activity: Struct<"Activity"> | undefined,
 * ) => void}
 */
function checkRow(claim, service, entry, activity) {
  demand(activity || service.activity === ZERO_HASH, "the activity of a service is missing");
  const same =
    claim.hourClass === service.hour_class &&
    claim.startedAt === service.started_at &&
    claim.endedAt === service.ended_at &&
    claim.minutes === service.minutes &&
    claim.acceptedAt === entry.accepted_at &&
    claim.activity === (activity?.title ?? "") &&
    claim.category === (activity?.category ?? "");
  demand(same, "a row states other things than its record");
  const flagged = JSON.stringify(claim.flags) === JSON.stringify(entry.flags);
  const right = claim.evidence === service.evidence.length && flagged;
  demand(right, "a row states other evidence or flags than its record");
  const content = claim.content === null || claim.content === service.content;
  demand(content, "what a row says was done is not what its record commits to");
  const charge = claim.charge === null || claim.charge === activity?.person_in_charge;
  demand(charge, "the person in charge is not the one that the activity commits to");
}
