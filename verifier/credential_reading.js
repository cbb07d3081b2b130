// What a credential states, member by member; whatever is of another form is refused.
import { utf8 } from "./bytes.js";
import { demand } from "./checks.js";
import { HOLDER, stamp } from "./credential_writing.js";
import { checkAddress, isHash } from "./fields.js";
import { hasOwn, parseJson } from "./json.js";

/** @import { JsonObject, Opening, Row, Statement } from "./shapes.d.ts" */

/**
 * What a member can be.
 * @typedef {{
 *   text: string, integer: number, object: JsonObject, hash: string, time: number, list: JsonObject[],
 *   words: string[]
 * }} Members
 */

const RECORD_BYTES_MAX = 32768;

// A member of a type; throws for another.
/** @type {<T extends keyof Members>(parent: JsonObject, name: string, type: T) => Members[T]} */
function take(parent, name, type) {
  const value = hasOwn(parent, name) ? parent[name] : undefined;
  const right = {
    text: () => typeof value === "string",
    integer: () => typeof value === "number",
    object: () => value !== null && typeof value === "object" && !Array.isArray(value),
    hash: () => isHash(value),
    time: () => secondsOf(value) !== null,
    list: () =>
      Array.isArray(value) &&
      value.every((one) => one !== null && typeof one === "object" && !Array.isArray(one)),
    words: () => Array.isArray(value) && value.every((one) => typeof one === "string"),
  }[type];
  demand(right(), `${name} is missing or of another form`);
  return /** @type {Members[typeof type]} */ (type === "time" ? secondsOf(value) : value);
}

/** @type {(parent: JsonObject, name: string) => JsonObject} */
function only(parent, name) {
  const found = take(parent, name, "list");
  demand(found.length === 1, `${name} is missing or of another form`);
  return found[0];
}

/**
 * @type {<T>(
 *   parent: JsonObject, name: string, read: (parent: JsonObject, name: string) => T,
 * ) => T | null}
 */
const maybe = (parent, name, read) => (hasOwn(parent, name) ? read(parent, name) : null);
/** @type {(parent: JsonObject, name: string) => string} */
const text = (parent, name) => take(parent, name, "text");

/** @type {(document: JsonObject) => Statement} */
export function statedIn(document) {
  const [issuer, subject, ledger] = ["issuer", "credentialSubject", "hourledger:ledger"].map((name) =>
    take(document, name, "object"),
  );
  const achievement = take(subject, "achievement", "object");
  const holder = hasOwn(subject, "id") ? subject.id : null;
  const named = typeof holder === "string" && holder.startsWith(HOLDER);
  demand(named, "the holder is not named by did:pkh:eip155:1");
  checkAddress(holder.slice(HOLDER.length), "address");
  return {
    ledger: take(ledger, "hourledger:ledgerId", "hash"),
    ledgerName: text(ledger, "name"),
    number: text(subject, "licenseNumber"),
    organisation: text(only(issuer, "otherIdentifier"), "identifier"),
    organisationName: text(issuer, "name"),
    holder: holder.slice(HOLDER.length),
    holderName: maybe(subject, "identifier", (_, name) => text(only(subject, name), "identityHash")) ?? "",
    purpose: text(subject, "hourledger:purpose"),
    language: text(achievement, "inLanguage"),
    servedFrom: take(subject, "activityStartDate", "time"),
    servedUntil: take(subject, "activityEndDate", "time"),
    issuedAt: take(document, "validFrom", "time"),
    rows: take(document, "evidence", "list").map(readRow),
    supersedes: maybe(document, "hourledger:supersedes", (_, name) => take(document, name, "hash")),
    status: maybe(document, "credentialStatus", readStatus),
    issuer: text(issuer, "id"),
  };
}

/** @type {(evidence: JsonObject) => Row} */
function readRow(evidence) {
  return {
    record: take(evidence, "hourledger:record", "hash"),
    hourClass: text(evidence, "hourledger:hourClass"),
    activity: maybe(evidence, "name", text) ?? "",
    category: maybe(evidence, "genre", text) ?? "",
    startedAt: take(evidence, "hourledger:startedAt", "time"),
    endedAt: take(evidence, "hourledger:endedAt", "time"),
    minutes: take(evidence, "hourledger:minutes", "integer"),
    acceptedAt: take(evidence, "hourledger:acceptedAt", "time"),
    flags: take(evidence, "hourledger:flags", "words"),
    evidence: take(evidence, "hourledger:evidenceCount", "integer"),
    content: maybe(evidence, "hourledger:content", readOpening),
    charge: maybe(evidence, "hourledger:personInCharge", readOpening),
  };
}

/** @type {(evidence: JsonObject, name: string) => Opening} */
function readOpening(evidence, name) {
  const opening = take(evidence, name, "object");
  const fields = parseJson(utf8(text(opening, "hourledger:fields")), RECORD_BYTES_MAX);
  const object = fields !== null && typeof fields === "object" && !Array.isArray(fields);
  const opens = object && Object.values(fields).every((value) => typeof value === "string");
  demand(opens, `${name} does not open a commitment`);
  return { fields: /** @type {JsonObject} */ (fields), salt: take(opening, "hourledger:salt", "hash") };
}

/** @type {(document: JsonObject, name: string) => Statement["status"]} */
function readStatus(document, name) {
  const status = take(document, name, "object");
  const index = text(status, "statusListIndex");
  demand(/^[0-9]{1,10}$/.test(index), "statusListIndex is no index");
  return { list: text(status, "statusListCredential"), index: Number(index) };
}

// Seconds of a time in its one spelling, or null.
/** @type {(text: unknown) => number | null} */
function secondsOf(text) {
  if (typeof text !== "string" || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(text)) return null;
  const seconds = Date.parse(text) / 1000;
  return seconds >= 0 && stamp(seconds) === text ? seconds : null;
}
