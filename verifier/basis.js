// What a service rests on (docs/spec/proofs.md): both clock events, or the permit.
import { demand } from "./checks.js";
import { checkAddress, checkField, ZERO_HASH } from "./fields.js";
import { isObject } from "./json.js";
import { STRUCTS } from "./kinds.js";
import { checkRecord, isSignature, recordId, serviceOf } from "./records.js";

/** @import { Basis, Body, Bundle, LedgerRecord, RecordOf, Service, Struct, Witness } from "./shapes.d.ts" */

// The fields of a clock event that its service does not have.
const CLOCK = /** @type {const} */ (["clocked_at", "distance", "accuracy", "methods", "device"]);
const SIGNED = /** @type {const} */ (["volunteer_signature", "station", "station_signature"]);

/** @type {(value: unknown) => asserts value is Basis} */
export function parseBasis(value) {
  const right = isObject(value, ["clocks", "confirmation", "permit"]);
  demand(right, "clocks, confirmation and permit of the basis are needed");
  const pair = Array.isArray(value.clocks) && [0, 2].includes(value.clocks.length);
  demand(pair, "two clock events are needed, or none");
  /** @type {unknown[]} */ (value.clocks).forEach(checkWitness);
  for (const kind of /** @type {const} */ (["confirmation", "permit"])) {
    if (value[kind] === null) continue;
    checkRecord(value[kind]);
    demand(value[kind].kind === kind, `a ${kind} is needed`);
  }
}

/** @type {(value: unknown) => void} */
function checkWitness(value) {
  demand(isObject(value, [...CLOCK, ...SIGNED]), "a clock event has exactly its fields");
  for (const field of STRUCTS.Clock.filter(({ name }) =>
    /** @type {readonly string[]} */ (CLOCK).includes(name),
  )) {
    checkField(field, value[/** @type {keyof Witness} */ (field.name)], field.name);
  }
  checkAddress(value.station, "station");
  const signed = isSignature(value.volunteer_signature) && isSignature(value.station_signature);
  demand(signed, "a signature is 65 bytes as lower-case 0x-hex");
}

// All of them as records, the clock events put together again with what the service says.
/** @type {(bundle: Bundle) => LedgerRecord[]} */
export function basisRecords({ basis, record: { entry } }) {
  const service = serviceOf(entry.record);
  const events = service
    ? basis.clocks.map((clock, at) => event(service, /** @type {const} */ (["in", "out"])[at], clock))
    : [];
  return [...events, basis.confirmation, basis.permit].filter((record) => record !== null);
}

/** @type {(service: Service, direction: "in" | "out", witness: Witness) => RecordOf<"clock">} */
function event({ activity, organisation, volunteer }, direction, witness) {
  /** @type {Partial<Record<keyof Struct<"Clock">, unknown>>} */
  const body = { activity, organisation, volunteer, direction };
  for (const name of CLOCK) body[name] = witness[name];
  const { volunteer_signature: own, station, station_signature: theirs } = witness;
  const signatures = [
    { role: "volunteer", signer: volunteer, signature: own },
    { role: "station", signer: station, signature: theirs },
  ];
  return { kind: "clock", body: /** @type {Body<"clock">} */ (body), signatures };
}

// When a record that a service rests on was signed (Unix s).
/** @type {(record: LedgerRecord) => number} */
export const timeOf = ({ body }) => body.clocked_at || body.issued_at || 0;

/** @type {(bundle: Bundle, ledger: string) => void} */
export function checkBasis(bundle, ledger) {
  const { record } = bundle.record.entry;
  const { clocks, confirmation, permit } = bundle.basis;
  const service = serviceOf(record);
  if (service === null) {
    const empty = clocks.length === 0 && confirmation === null && permit === null;
    return demand(empty, "this kind of record rests on no other");
  }
  if (service.hour_class === "credit") {
    return checkPair(bundle, service, ledger, record.kind === "service");
  }
  const shown = permit !== null && clocks.length === 0 && confirmation === null;
  demand(shown, "the permit of the honour hours is missing");
  const { organisation, served_from: from, served_until: until } = permit.body;
  demand(recordId(ledger, permit) === service.permit, "the permit is another than the service names");
  const inside = from <= service.started_at && service.ended_at <= until;
  const right = organisation === service.organisation && inside;
  return demand(right, "the permit is for another organisation or time");
}

// `exact`: a first version has the very times of the events, an amended one lies inside.
/** @type {(bundle: Bundle, service: Service, ledger: string, exact: boolean) => void} */
function checkPair(bundle, service, ledger, exact) {
  const { clocks, confirmation, permit } = bundle.basis;
  demand(clocks.length === 2 && permit === null, "the clock events of the credit hours are missing");
  const [came, went] = basisRecords(bundle).map((record) => recordId(ledger, record));
  const named = came === service.clock_in && went === service.clock_out;
  demand(named, "a clock event is another than the service names");
  const [start, end] = clocks.map((clock) => clock.clocked_at);
  const inside = start <= service.started_at && service.ended_at <= end;
  const same = start === service.started_at && service.ended_at === end;
  demand(inside && (same || !exact), "the times are not those of the clock events");
  const said = confirmation === null ? ZERO_HASH : recordId(ledger, confirmation);
  const right = said === service.confirmation;
  demand(right, "what the recipient said is missing, or another than the service names");
  if (confirmation === null) return;
  checkThird(confirmation, service, [bundle.record.entry.record, ...basisRecords(bundle).slice(0, 2)]);
}

// The recipient of hours said that somebody served, and is neither the volunteer, nor the organisation, nor
// whoever signs the other records. Who else is of the house or the family no proof shows.
/** @type {(confirmation: RecordOf<"confirmation">, service: Service, others: LedgerRecord[]) => void} */
export function checkThird({ body: { answer, recipient } }, { volunteer, organisation }, others) {
  demand(answer === "served", "the recipient said that nobody served");
  const signers = others.flatMap(({ signatures }) => signatures.map(({ signer }) => signer));
  const third = ![...signers, volunteer, organisation].includes(recipient);
  demand(third, `${recipient}, who confirms the hours, is no third person`);
}
