// What the state tree says (docs/spec/batches.md): its keys, the totals of an account, a status.
import { concat, unhex, utf8 } from "./bytes.js";
import { demand } from "./checks.js";
import { isHash, LIST_MAX } from "./fields.js";
import { canonical, isObject } from "./json.js";

/** @import { Bytes, Genesis, Stated, Totals } from "./shapes.d.ts" */

/** @type {(keyof Totals)[]} */
const COUNTS = [
  "credit_minutes",
  "honour_minutes",
  "voided_minutes",
  "minted",
  "received",
  "sent",
  "entries",
];
// What can be the status of a record, the gravest last.
/** @type {readonly unknown[]} */
export const STATES = ["recorded", "disputed", "amended", "void"];

/** @type {Stated} */
export const RECORDED = { status: "recorded", changed_by: null, flags: [] };

/** @type {(address: string) => Bytes} */
export const accountName = (address) => concat(utf8("account/"), unhex(address));
/** @type {(id: string) => Bytes} */
export const recordName = (id) => concat(utf8("record/"), unhex(id));
/** @type {(address: string, id: string) => Bytes} */
export const volunteerName = (address, id) =>
  concat(utf8("volunteer/"), unhex(address), utf8("/"), unhex(id));

// The value of an account in the tree.
/** @type {(totals: unknown) => Bytes} */
export function totalsValue(totals) {
  const right =
    isObject(totals, [...COUNTS, "head"]) &&
    typeof totals.head === "string" &&
    COUNTS.every((name) => typeof totals[name] === "number");
  demand(right, "what the tree holds are no totals");
  demand(
    COUNTS.every((name) => /** @type {number} */ (totals[name]) >= 0),
    "a total is out of range",
  );
  demand(isHash(totals.head), "the head of the chain is a hash");
  return utf8(canonical(totals));
}

// Coins are a function of the credit hours, by a unit that no policy changes.
/** @type {(totals: Totals | null, genesis: Genesis) => void} */
export function checkMinted(totals, { policy: { minutes_per_yibi: unit } }) {
  const right = totals === null || totals.minted === Math.floor(totals.credit_minutes / unit);
  demand(right, "other coins were minted than the credit hours give");
}

// The form of a status as the tree holds it.
/** @type {(value: unknown) => asserts value is Stated} */
export function checkStated(value) {
  const right = isObject(value, ["status", "changed_by", "flags"]);
  demand(right, "status, changed_by and flags are needed");
  const { status, changed_by: by, flags } = value;
  demand(STATES.includes(status) && (by === null) === (status === "recorded"), "no such status");
  demand(by === null || isHash(by), "changed_by is a record id");
  demand(Array.isArray(flags) && flags.length <= LIST_MAX, "flags are a list of at most 64 words");
  const words = flags.every((flag) => typeof flag === "string" && /^[A-Z][A-Z_]{0,31}$/.test(flag));
  demand(words, "a flag is a word of capital letters");
}

/** @type {(stated: Stated) => Bytes} */
export const statusValue = (stated) => utf8(canonical(stated));
