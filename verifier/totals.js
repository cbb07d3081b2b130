// What the state tree says (docs/spec/batches.md): its keys, the totals of an account, a status.
import { concat, sha256, unhex, utf8 } from "./bytes.js";
import { demand } from "./checks.js";
import { isHash } from "./fields.js";
import { canonical, isObject } from "./json.js";

/** @import { Bytes, Genesis, Pair, Stated, Taken, Told, Totals } from "./shapes.d.ts" */

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

/** @type {Told} */
const RECORDED = { status: "recorded", changed_by: null };

// What is said of a record where the tree has no leaf of it.
/** @type {(stated: Stated | null) => Told} */
export const told = (stated) => stated ?? RECORDED;

const KEY = 0x0d;
/** @type {(what: number, ...parts: Bytes[]) => Promise<Bytes>} */
const keyOf = (what, ...parts) => sha256(Uint8Array.of(KEY, what), ...parts);
/** @type {(address: string) => Promise<Bytes>} */
export const accountName = (address) => keyOf(1, unhex(address));
// The statuses of one person begin alike, so one proof of many is short.
/** @type {(address: string, id: string) => Promise<Bytes>} */
export async function statusName(address, id) {
  const person = await keyOf(3, unhex(address));
  return concat(person.subarray(0, 8), await keyOf(4, unhex(address), unhex(id)));
}

// The totals of an account with what opens them, as a proof shows them; null both where the tree has none.
/** @type {(totals: unknown, opening: unknown) => void} */
export function checkTotals(totals, opening) {
  if (totals === null && opening === null) return;
  demand(isHash(opening), "an opening has 32 bytes");
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
}

/** @type {(address: string) => Promise<Bytes>} */
export const organisationName = (address) => keyOf(5, unhex(address));
// `delegate`: an address, or the 32 bytes of a key with which the organisation signs credentials.
/** @type {(organisation: string, delegate: string) => Promise<Bytes>} */
export const delegationName = (organisation, delegate) => keyOf(6, unhex(organisation), unhex(delegate));

const COMMITMENT = Uint8Array.of(0x09);
// The value of a leaf that states something and is opened so; null where there is no leaf.
/** @type {(stated: unknown, opening: string | null) => Promise<Bytes | null>} */
const valueOf = async (stated, opening) =>
  opening === null ? null : sha256(COMMITMENT, unhex(opening), utf8(canonical(stated)));

// Of what was taken back nothing is hidden.
const PUBLIC = `0x${"00".repeat(32)}`;
/** @type {(ended: Taken["organisation"]) => Promise<Bytes | null>} */
export const endedValue = (ended) => valueOf(ended, ended && PUBLIC);
/** @type {(revoked: Pair[]) => Promise<Bytes | null>} */
export const revokedValue = (revoked) => valueOf({ revoked }, revoked.length > 0 ? PUBLIC : null);

/** @type {(totals: Totals | null, opening: string | null) => Promise<Bytes | null>} */
export const totalsValue = (totals, opening) => valueOf(totals, opening);

// Coins are a function of the credit hours, by a unit that no policy changes.
/** @type {(totals: Totals | null, genesis: Genesis) => void} */
export function checkMinted(totals, { policy: { minutes_per_yibi: unit } }) {
  const right = totals === null || totals.minted === Math.floor(totals.credit_minutes / unit);
  demand(right, "other coins were minted than the credit hours give");
}

// The form of a status as the tree holds it; null where it holds none.
/** @type {(value: unknown) => asserts value is Stated | null} */
export function checkStated(value) {
  if (value === null) return;
  const right = isObject(value, ["status", "changed_by", "opening"]);
  demand(right, "status, changed_by and opening are needed");
  demand(STATES.includes(value.status), "no such status");
  demand(isHash(value.changed_by), "changed_by is a record id");
  demand(isHash(value.opening), "an opening has 32 bytes");
}

/** @type {(stated: Stated | null) => Promise<Bytes | null>} */
export async function statusValue(stated) {
  if (stated === null) return null;
  const { status, changed_by, opening } = stated;
  return valueOf({ changed_by, status }, opening);
}
