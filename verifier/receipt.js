// The receipt of a record (docs/spec/proofs.md): what the log key promised, and whether a head kept it.
//
//     1 format  2 signatures: of the record  3 note: the log key promised this entry, by this time
//     4 leaf  5 inclusion  6 checkpoint  7 anchor: of the head shown, and of the leaf at the promised place
//     8 promise  that head holds the entry: two notes of one key judge it, no chain
import { askChain } from "./anchor.js";
import { equal, hex, unhex } from "./bytes.js";
import { charterAt, hasPaths } from "./charters.js";
import { demand, Run, verdictOf } from "./checks.js";
import { asOf, ledgerFact, signersOf } from "./facts.js";
import { isHash } from "./fields.js";
import { canonical, isObject } from "./json.js";
import { checkLog, loneSeal, UNPROVABLE } from "./log_checks.js";
import { checkInclusion } from "./merkle.js";
import { openNote, PATH_MAX } from "./note.js";
import { openDocument } from "./opening.js";
import { parseAnchors, parseHashes, parseProven } from "./parts.js";
import { checkEntry, leafOf, recordId } from "./records.js";
import { checkSignatures } from "./signatures.js";
import { SKEW_SECONDS } from "./times.js";

/** @import { Anchor, Bytes, Chain, Entry, Facts, Genesis, Head, Report, Root, Shown } from "./shapes.d.ts" */

/**
 * A promise of the log key, and a later head: the leaf at the promised index, null where it ends before.
 * @typedef {{ seal: Shown, leaf: Bytes | null, path: Bytes[], anchors: Anchor[] }} Later
 * @typedef {{ genesis: Genesis, root: Root, entry: Entry, sealedBy: number, note: string, later: Later | null }} Receipt
 */

export const FORMAT = "hourledger-receipt/v1";
const CHECKS = ["format", "signatures", "note", "leaf", "inclusion", "checkpoint", "anchor", "promise"];
const FIELDS = ["format", "genesis", "charters", "entry", "sealed_by", "note", "head"];
const SECONDS_MAX = 86400;
const NO_HEAD = "no later head of the log is shown";

/** @type {(value: unknown) => Receipt} */
function parse(value) {
  const right = isObject(value, FIELDS) && value.format === FORMAT;
  demand(right, `not a receipt of the form ${FORMAT}`);
  const { genesis, entry, sealed_by: by, note, head } = value;
  checkEntry(entry);
  demand(typeof note === "string", "the note is text");
  const due = Number.isSafeInteger(by) ? /** @type {number} */ (by) - entry.accepted_at : 0;
  demand(due > 0 && due <= SECONDS_MAX, "a head is promised within a day");
  const receipt = { genesis, entry, sealedBy: /** @type {number} */ (by), note, later: parseLater(head) };
  return /** @type {Receipt} */ (/** @type {unknown} */ (receipt));
}

/** @type {(value: unknown) => Later | null} */
function parseLater(value) {
  if (value === null) return null;
  const right = isObject(value, ["seal", "leaf", "path", "anchors"]);
  demand(right, "seal, leaf, path and anchors of the head are needed");
  const { leaf } = value;
  const seal = parseProven(value.seal);
  const path = parseHashes(value.path, PATH_MAX);
  demand(seal !== null && seal.proof !== null, "the seal with its proof is needed");
  if (leaf === null) demand(path.length === 0, "the path is of no entry");
  else demand(isHash(leaf), "leaf: 32 bytes as lower-case 0x-hex are needed");
  return {
    seal: /** @type {Shown} */ (seal),
    leaf: leaf === null ? null : unhex(leaf),
    path: Array.from({ length: path.length / 32 }, (_, at) => path.subarray(32 * at, 32 * at + 32)),
    anchors: parseAnchors(value.anchors),
  };
}

// `chain` as of a bundle; `now`: the verifier's clock (Unix s), null where it has none.
/**
 * @type {(
 *   value: unknown, chain: Chain | null, now: number | null,
 * ) => Promise<Report>}
 */
export async function verifyReceipt(value, chain, now) {
  const run = new Run(CHECKS, "receipt");
  const opened = await openDocument(run, value, parse, "receipt");
  if ("report" in opened) return opened.report;
  const { file: receipt, ledger } = opened;
  const { entry, later } = receipt;
  await run.make("signatures", () => checkSignatures(ledger, [entry.record]));
  await run.make("note", () => checkNote(receipt, ledger));
  const head = await checkHead(run, receipt);
  if (run.all().some(({ ok }) => ok === false)) return run.report("invalid");
  const { kept, reason } = await keptBy(receipt, now);
  run.note("promise", kept, reason);
  if (kept === null || later === null) {
    run.note("anchor", null, NO_HEAD);
    return run.report(isAwaited(receipt, now) ? "pending" : "unchecked", facts(receipt, ledger, null));
  }
  if (!kept) {
    run.note("anchor", null, "two notes by the log key contradict each other, whatever a chain holds");
    return run.report("broken", facts(receipt, ledger, null));
  }
  const finding = await askChain(run, later.anchors, receipt.root, ledger, head, chain);
  const verdict = verdictOf(run.all(), later.anchors, finding);
  if (verdict === "invalid") return run.report(verdict);
  return run.report(verdict, facts(receipt, ledger, finding?.blockTime ?? null));
}

// The whole text follows from the entry and the time.
/** @type {(receipt: Receipt, ledger: string) => Promise<string>} */
async function checkNote({ root, entry, sealedBy, note }, ledger) {
  const promised = {
    ledger,
    record: recordId(ledger, entry.record),
    leaf: hex(await leafOf(entry)),
    index: entry.index,
    accepted_at: entry.accepted_at,
    sealed_by: sealedBy,
  };
  const { origin, log_key: key } = charterAt(root, entry.index + 1);
  const signed = await openNote(note, origin, unhex(key));
  demand(
    signed === `${FORMAT}\n${canonical(promised)}\n`,
    "what was signed is not the promise of this entry",
  );
  return `${origin} promised entry ${entry.index}`;
}

/** @type {(run: Run, receipt: Receipt) => Promise<Head | null>} */
async function checkHead(run, { root, entry, later }) {
  if (later !== null) return checkLog(run, root, later.seal, (head) => checkPlace(root, entry, later, head));
  for (const name of ["leaf", "inclusion", "checkpoint"]) run.note(name, null, NO_HEAD);
  if (hasPaths(root)) run.note("inclusion", false, UNPROVABLE);
  return null;
}

/** @type {(root: Root, entry: Entry, later: Later, head: Head) => Promise<string>} */
async function checkPlace(root, { index }, { seal, leaf, path }, head) {
  await loneSeal(root, seal.entry, head);
  if (leaf === null) {
    demand(BigInt(index) >= head.size, "the leaf at the promised index is not shown");
    return `the seal is in the log of ${head.size}`;
  }
  await checkInclusion(leaf, index, head, path);
  return `2 entries are in the log of ${head.size}`;
}

// Whether the promise was kept: null where the file does not tell. Its checks have held.
/** @type {(receipt: Receipt, now: number | null) => Promise<{ kept: boolean | null, reason: string }>} */
async function keptBy(receipt, now) {
  const { entry, sealedBy, later } = receipt;
  const { index } = entry;
  const seal = later && asOf(later.seal.entry);
  if (later === null || seal === null) return { kept: null, reason: waiting(receipt, now) };
  if (later.leaf !== null) {
    return equal(later.leaf, await leafOf(entry))
      ? { kept: true, reason: `entry ${index} stands in the log of ${seal.size}, as promised` }
      : { kept: false, reason: `another entry stands at index ${index} than the one promised` };
  }
  if (seal.time < sealedBy) return { kept: null, reason: waiting(receipt, now) };
  return { kept: false, reason: `the log of ${seal.size} should hold entry ${index}, and ends before it` };
}

/** @type {(receipt: Receipt, now: number | null) => boolean} */
const isAwaited = ({ entry, sealedBy }, now) =>
  now !== null && entry.accepted_at - SKEW_SECONDS <= now && now < sealedBy;

/** @type {(receipt: Receipt, now: number | null) => string} */
function waiting(receipt, now) {
  if (now === null) return "no time was named";
  if (isAwaited(receipt, now)) return "the time for it has not passed yet";
  if (now < receipt.sealedBy) return "it is of the future";
  return "the time for it has passed: a head that was sealed since shows whether it was kept";
}

/** @type {(receipt: Receipt, ledger: string, anchoredAt: number | null) => Facts} */
function facts({ genesis, entry, sealedBy, later }, ledger, anchoredAt) {
  return {
    ledger: ledgerFact(genesis, ledger),
    record_id: recordId(ledger, entry.record),
    index: entry.index,
    accepted_at: entry.accepted_at,
    sealed_by: sealedBy,
    signers: signersOf(entry),
    as_of: later && asOf(later.seal.entry),
    anchored_at: anchoredAt,
  };
}
