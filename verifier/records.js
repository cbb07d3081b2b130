// Records and entries: strict form, ids and leaves. A value that passes is used as it is read, since
// every part of it has one spelling.
import { hex, sha256, utf8 } from "./bytes.js";
import { Refused } from "./checks.js";
import { checkAddress, checkInteger, checkStruct, digest, isHash, LIST_MAX } from "./fields.js";
import { canonical, isObject } from "./json.js";
import { DECLARED, KINDS } from "./kinds.js";
import { leafHash } from "./merkle.js";

/** @import { Bytes, Entry, Genesis, Kind, LedgerRecord, Service, Unsigned } from "./shapes.d.ts" */

const SIGNATURES_MAX = 64;
const SHEET_PATH_MAX = 32;

/** @type {(holds: unknown, code: string, why: string) => asserts holds} */
const need = (holds, code, why) => {
  if (!holds) throw new Refused(code, why);
};

/** @type {(value: unknown) => asserts value is LedgerRecord} */
export function checkRecord(value) {
  need(isObject(value, ["kind", "body", "signatures"]), "BAD_FORM", "a record has kind, body and signatures");
  const { kind, body, signatures } = value;
  need(typeof kind === "string" && kind in KINDS, "UNKNOWN_KIND", String(kind).slice(0, 40));
  checkStruct(KINDS[/** @type {Kind} */ (kind)], body, "body");
  const list = Array.isArray(signatures) && signatures.length <= SIGNATURES_MAX;
  need(list, "BAD_FORM", `signatures: a list of at most ${SIGNATURES_MAX} is needed`);
  signatures.forEach((claim, at) => checkClaim(claim, `signatures[${at}]`));
}

/** @type {(value: unknown, path: string) => void} */
function checkClaim(value, path) {
  const names = ["role", "signer", "signature"];
  const right = isObject(value, names) || isObject(value, [...names, "sheet"]);
  need(right, "BAD_FORM", `${path}: role, signer and signature are needed`);
  const word = typeof value.role === "string" && /^[a-z]{1,16}$/.test(value.role);
  need(word, "BAD_VALUE", `${path}.role: a word is needed`);
  need(isSignature(value.signature), "BAD_SIGNATURE", `${path}.signature: 65 bytes as lower-case 0x-hex`);
  checkAddress(value.signer, `${path}.signer`);
  if ("sheet" in value) checkSheet(value.sheet, `${path}.sheet`);
}

/** @type {(value: unknown) => value is string} */
export const isSignature = (value) => typeof value === "string" && /^0x[0-9a-f]{130}$/.test(value);

/** @type {(value: unknown, path: string) => void} */
function checkSheet(value, path) {
  need(isObject(value, ["index", "count", "path"]), "BAD_FORM", `${path}: index, count and path are needed`);
  const list = Array.isArray(value.path) && value.path.length <= SHEET_PATH_MAX;
  need(list, "BAD_FORM", `${path}.path: at most ${SHEET_PATH_MAX} hashes are taken`);
  need(
    /** @type {unknown[]} */ (value.path).every(isHash),
    "BAD_VALUE",
    `${path}.path: 32 bytes each as lower-case 0x-hex`,
  );
  checkInteger(value.index, `${path}.index`);
  checkInteger(value.count, `${path}.count`, 32, 1);
}

/** @type {(value: unknown) => asserts value is Entry} */
export function checkEntry(value) {
  const right = isObject(value, ["index", "accepted_at", "flags", "record"]);
  need(right, "BAD_FORM", "an entry has index, accepted_at, flags and record");
  checkInteger(value.index, "index");
  checkInteger(value.accepted_at, "accepted_at");
  checkFlags(value.flags);
  checkRecord(value.record);
  const hours = value.flags.length === 0 || serviceOf(value.record) !== null;
  need(hours, "BAD_VALUE", "flags: only hours have any");
}

/** @type {(value: unknown) => asserts value is string[]} */
function checkFlags(value) {
  const list = Array.isArray(value) && value.length <= LIST_MAX;
  need(list, "BAD_FORM", `flags: a list of at most ${LIST_MAX} words is needed`);
  const words = value.every((flag) => typeof flag === "string" && /^[A-Z][A-Z_]{0,31}$/.test(flag));
  need(words, "BAD_VALUE", "flags: a flag is a word of capital letters");
}

// The leaf hash of an entry: of its canonical bytes.
/** @type {(entry: Entry) => Promise<Bytes>} */
export const leafOf = (entry) => leafHash(utf8(canonical(entry)));

// The ledger's id, 0x-hex: SHA-256 of the canonical genesis body.
/** @type {(genesis: Genesis) => Promise<string>} */
export const ledgerId = async (genesis) => hex(await sha256(utf8(canonical(genesis))));

// The record's id, 0x-hex: its EIP-712 digest. The signatures are no part of it.
/** @type {(ledger: string, record: Unsigned) => string} */
export const recordId = (ledger, { kind, body }) => hex(digest(ledger, KINDS[kind], body));

// The service that a record states: its own, or the new version of an amended one; else null.
/** @type {(record: Unsigned) => Service | null} */
export function serviceOf({ kind, body }) {
  return kind === "amend" ? body.service : kind === "service" ? body : null;
}

// Whom the status of a record is about; null where its kind has no status of its own.
/** @type {(record: LedgerRecord) => string | null} */
export function subjectOf(record) {
  if (!DECLARED[record.kind].has_status) return null;
  return serviceOf(record)?.volunteer ?? record.body.volunteer ?? null;
}
