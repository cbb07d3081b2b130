// The parts that proof files share: bytes, entries with their proofs, anchors. Form only.
import { fromBase64 } from "./bytes.js";
import { demand } from "./checks.js";
import { LIST_MAX } from "./fields.js";
import { isObject } from "./json.js";
import { parseProof } from "./note.js";
import { checkEntry } from "./records.js";

/** @import { Anchor, Bytes, Entry, Proven } from "./shapes.d.ts" */

/** @type {Record<string, string>} */
const ANCHOR = {
  chain_id: "number",
  contract: "string",
  founder: "string",
  size: "number",
  transaction: "string",
  block_number: "number",
  block_hash: "string",
};
export const ANCHOR_FIELDS = Object.keys(ANCHOR);

/** @type {(value: unknown, name: string) => Bytes} */
export function parseBase64(value, name) {
  const data = typeof value === "string" ? fromBase64(value) : null;
  demand(data !== null, `${name}: base64 in its one spelling is needed`);
  return data;
}

// Hashes of 32 bytes, one behind the other.
/** @type {(value: unknown, most: number) => Bytes} */
export function parseHashes(value, most) {
  const data = parseBase64(value, "path");
  const whole = data.length % 32 === 0 && data.length <= 32 * most;
  demand(whole, `the path has whole hashes, at most ${most}`);
  return data;
}

/** @type {(value: unknown, name: string, most: number) => Entry[]} */
export function parseEntries(value, name, most) {
  const list = Array.isArray(value) && value.length <= most;
  demand(list, `${name} are a list of at most ${most} entries`);
  value.forEach(checkEntry);
  return value;
}

// {entry, proof} of an entry with its proof, which is null while it is in no batch; null of null.
/** @type {(value: unknown) => Proven | null} */
export function parseProven(value) {
  if (value === null) return null;
  demand(isObject(value, ["entry", "tlog_proof"]), "entry and tlog_proof are needed");
  const { entry, tlog_proof: text } = value;
  demand(text === null || typeof text === "string", "tlog_proof is text");
  checkEntry(entry);
  return { entry, proof: text === null ? null : parseProof(text) };
}

// Every field of an anchor is a claim, which chain.js compares.
/** @type {(value: unknown) => Anchor[]} */
export function parseAnchors(value) {
  const list = Array.isArray(value) && value.length <= LIST_MAX && value.every(isAnchor);
  demand(list, `anchors are a list of at most ${LIST_MAX} anchors`);
  const named = new Set(value.map((anchor) => `${anchor.chain_id} ${anchor.contract}`));
  demand(named.size === value.length, "one contract is named twice");
  return value;
}

/** @type {(value: unknown) => value is Anchor} */
function isAnchor(value) {
  if (!isObject(value, ANCHOR_FIELDS)) return false;
  return ANCHOR_FIELDS.every((name) => typeof value[name] === ANCHOR[name]);
}
