// What changed an entry (docs/spec/proofs.md): which kinds of record can, who may sign them, and the
// status that holds. A change that the ledger would not have taken changes nothing.
import { demand } from "./checks.js";
import { ZERO_ADDRESS } from "./fields.js";
import { DECLARED } from "./kinds.js";
import { recordId, serviceOf } from "./records.js";

/** @import { Body, Certificate, Entry, LedgerRecord, Service, Status, Told } from "./shapes.d.ts" */

// The statuses that no later record changes: corrections are of the newest version, once.
/** @type {readonly unknown[]} */
export const FINAL = ["amended", "void"];

// What an amendment leaves as it was.
/** @type {(keyof Service)[]} */
const SAME = ["hour_class", "volunteer", "organisation", "activity", "clock_out", "permit"];
/** @type {(keyof Service)[]} */
const SAME_CREDIT = ["clock_in", "confirmation"];

// The status that a record brings to what it corrects, or null.
/** @type {(record: LedgerRecord) => Status | null} */
export function brings({ kind, body }) {
  const corrects = DECLARED[kind].corrects;
  if (corrects?.when && body[corrects.when[0]] !== corrects.when[1]) return null;
  return corrects?.status ?? null;
}

// The id of the record that a record changes the status of, or null.
/** @type {(record: LedgerRecord) => string | null} */
export function targetOf(record) {
  const { field } = DECLARED[record.kind].corrects ?? {};
  const changes = brings(record) !== null;
  return changes ? /** @type {string} */ (record.body[/** @type {"target"} */ (field)]) : null;
}

// The status of an entry with an id: what the tree of `size` entries states, with what made it so; or
// what a change says that is newer than the tree, which never softens that.
/**
 * @type {(
 *   entry: Entry, change: Entry | null, ledger: string, id: string, stated: Told,
 *   size: bigint | number,
 * ) => Status}
 */
export function changed(entry, change, ledger, id, stated, size) {
  if (change === null) {
    demand(stated.changed_by === null, `${stated.status}, but what made it so is not shown`);
    return stated.status;
  }
  const { record, index } = change;
  demand(targetOf(record) === id, "what is shown does not change this record");
  demand(index > entry.index, "the change shown is older than the record");
  const word = /** @type {Status} */ (brings(record));
  if (index >= size) {
    const final = FINAL.includes(stated.status);
    demand(!final, `${stated.status} in the ledger's state: nothing newer changes that`);
    demand(word !== "recorded", `${stated.status} in the ledger's state: nothing newer softens that`);
    return word;
  }
  const named = word === stated.status && recordId(ledger, record) === stated.changed_by;
  demand(named, "the change shown is not the one that the tree names");
  return word;
}

// Whether who signed a change of an entry may: the organisation that recorded it, the successor that one
// of `grants` names, or an authority; of an objection the volunteer. The place of the grant that this
// takes, or null.
/** @type {(old: { record: LedgerRecord }, change: Entry, grants: Entry[]) => number | null} */
export function checkAuthor({ record: old }, change, grants) {
  if (targetOf(change.record) === null) return null;
  const { kind, body } = change.record;
  const certificate = old.kind === "certificate" ? old.body : null;
  const service = serviceOf(old);
  const voided = kind === "void" ? (certificate ?? service) : null;
  const whose = (voided ?? (kind === "decision" ? service : null))?.organisation;
  if (whose) return checkVoid(whose, /** @type {Body<"void" | "decision">} */ (body), change, grants);
  if (kind === "certificate" && certificate) checkReplaced(certificate, body, change);
  else if (kind === "objection" && service) {
    const who = `${service.volunteer}, whose hours these are`;
    demand(body.volunteer === service.volunteer, notTheirs(change, `only ${who}, may object`));
  } else if (kind === "amend" && service) checkAmended(service, body.service, change);
  else demand(false, `no ${kind} changes this kind of record: ${old.kind}`);
  return null;
}

/** @type {(whose: string, body: Body<"void" | "decision">, change: Entry, grants: Entry[]) => number | null} */
function checkVoid(whose, { organisation }, change, grants) {
  const verb = change.record.kind === "void" ? "void" : "decide";
  if (`${change.record.signatures.map(({ role }) => role)}` === "authority") {
    const own = `an authority ${verb}s in its own name, not for an organisation`;
    demand(organisation === ZERO_ADDRESS, own);
    return null;
  }
  if (organisation === whose) return null;
  const place = grants.findIndex(
    (grant) => grant.index < change.index && succeeds(grant, whose, organisation),
  );
  const may = `only ${whose}, who recorded this, its successor shown here or an authority may ${verb} it`;
  demand(place >= 0, notTheirs(change, may));
  return place;
}

// Whether an entry makes one organisation the successor of another.
/** @type {(entry: Entry, organisation: string | null, successor: string) => boolean} */
export function succeeds({ record: { kind, body } }, organisation, successor) {
  const succeed = kind === "organisation" && body.action === "succeed";
  return succeed && body.organisation === organisation && body.successor === successor;
}

/** @type {(old: Certificate, body: Certificate, change: Entry) => void} */
function checkReplaced(old, { organisation, volunteer }, change) {
  const may = `only ${old.organisation}, who issued it, may replace it`;
  demand(organisation === old.organisation, notTheirs(change, may));
  demand(volunteer === old.volunteer, "the newer certificate is of another volunteer");
}

/** @type {(old: Service, service: Service, change: Entry) => void} */
function checkAmended(old, service, change) {
  const may = `only ${old.organisation}, who recorded this, may amend it`;
  demand(service.organisation === old.organisation, notTheirs(change, may));
  const credit = old.hour_class === "credit";
  for (const field of [...SAME, ...(credit ? SAME_CREDIT : [])]) {
    demand(service[field] === old[field], `the amendment is of other hours: ${field}`);
  }
  const inside = old.started_at <= service.started_at && service.ended_at <= old.ended_at;
  const less = inside && service.minutes <= old.minutes;
  demand(!credit || less, "an amendment never makes credit hours more");
}

/** @type {(change: Entry, may: string) => string} */
function notTheirs({ record: { kind, signatures } }, may) {
  const signers = signatures.map(({ signer }) => signer).join(" and ");
  return `${kind}: signed by ${signers}; ${may}`;
}
