// The checks of the log, once for all verifiers: `checkpoint`, `leaf`, `inclusion`, and that the state
// which a file shows is the one under its checkpoint.
import { equal, hex } from "./bytes.js";
import { checkIncluded, checkKey, checkSealed, hasPaths, newest } from "./charters.js";
import { demand } from "./checks.js";
import { checkInclusion, checkInclusions } from "./merkle.js";
import { openCheckpoint } from "./note.js";
import { leafOf } from "./records.js";

/** @import { Run } from "./checks.js" */
/** @import { Behind, Bytes, Entry, Head, Proven, Root, Shown, Struct } from "./shapes.d.ts" */

// Why a check of the log could not be made. A record whose batch was left out looks the same.
export const UNSIGNED = "the log has signed nothing of this file: its record is shown in no batch";

// Why what a file shows beside a record that is in no batch fails.
export const UNPROVABLE = "there is no checkpoint that this could be proved by";

// The three checks of an entry and of all that stands behind it; the head under which they stand. Null
// where nobody signed one: then the entry waits for its batch, and nothing of the file may rest on one.
// `behind`: {seal, firm, late, path, stated}, the seal of the batch, the entries that must stand under
// its checkpoint, those that may be newer, one path for all of them, and whether the file also states
// something of the state tree.
/** @type {(run: Run, root: Root, subject: Proven, behind: Behind) => Promise<Head | null>} */
export async function checkBatch(run, root, subject, behind) {
  if (subject.proof !== null) {
    return checkLog(run, root, /** @type {Shown} */ (subject), (head) => checkBehind(head, behind));
  }
  if (behind.path.length > 0 || behind.seal !== null || behind.stated || hasPaths(root)) {
    run.note("inclusion", false, UNPROVABLE);
  } else {
    for (const name of ["leaf", "inclusion", "checkpoint"]) run.note(name, null, UNSIGNED);
  }
  return null;
}

// The three checks of a seal that is proven; the head under which it stands, or null.
/** @type {(run: Run, root: Root, seal: Shown) => Promise<Head | null>} */
export const checkSeal = (run, root, seal) =>
  checkLog(run, root, seal, (head) => `the seal is in the log of ${head.size}`);

// The three checks of an entry with its proof; the head under which it stands, null where nobody signed
// it. `rest` demands what else must stand under the head, and says what does.
/**
 * @type {(
 *   run: Run, root: Root, subject: Shown, rest: (head: Head) => string | Promise<string>,
 * ) => Promise<Head | null>}
 */
export async function checkLog(run, root, { entry, proof }, rest) {
  let head = /** @type {Head | null} */ (null);
  await run.make("checkpoint", async () => {
    const found = await openCheckpoint(proof.checkpoint, newest(root));
    checkKey(root, found);
    head = found;
    return `${head.origin} signed the head of ${head.size} entries`;
  });
  if (head === null) return null;
  const { size, root: top } = /** @type {Head} */ (head);
  run.head = { size: Number(size), root: hex(top), note: proof.checkpoint };
  await run.make("leaf", () => {
    demand(proof.index === BigInt(entry.index), "the proof is for another index than the entry's");
    return `entry ${entry.index} hashes to the leaf that is proved`;
  });
  await run.make("inclusion", async () => {
    await checkInclusion(await leafOf(entry), entry.index, /** @type {Head} */ (head), proof.path);
    await checkIncluded(root, /** @type {Head} */ (head));
    return rest(/** @type {Head} */ (head));
  });
  return head;
}

// All these entries stand under a head, by one path for all; there may be none.
/** @type {(entries: Entry[], path: Bytes, head: Head) => Promise<void>} */
export async function demandAllIncluded(entries, path, head) {
  const leaves = new Map();
  for (const entry of entries) leaves.set(entry.index, await leafOf(entry));
  demand(leaves.size === entries.length, "an entry is given twice");
  if (leaves.size > 0) await checkInclusions(leaves, head, path);
  else demand(path.length === 0, "the path is of no entry");
}

/** @type {(head: Head, behind: Behind) => Promise<string>} */
async function checkBehind(head, { seal, firm, late, path }) {
  demand(seal !== null, "the seal of the batch is missing");
  const leaves = await leavesBelow(head.size, [seal, ...firm], late);
  await checkInclusions(leaves, head, path);
  return `${1 + leaves.size} entries are in the log of ${head.size}`;
}

// Index → leaf of the entries that must be in the log of a size: the firm ones, and those of the late
// ones that are not newer.
/** @type {(size: bigint, firm: Entry[], late: Entry[]) => Promise<Map<number, Bytes>>} */
async function leavesBelow(size, firm, late) {
  const leaves = new Map();
  for (const entry of [...firm, ...late]) {
    const leaf = await leafOf(entry);
    if (!leaves.has(entry.index)) leaves.set(entry.index, leaf);
    demand(equal(leaves.get(entry.index), leaf), "two entries are given for one index");
  }
  const inside = [...firm, ...late.filter(({ index }) => index < size)];
  return new Map(inside.map(({ index }) => [index, leaves.get(index)]));
}

// An entry is the last one under a head: what it commits to is the state there.
/** @type {(entry: Entry, head: Head | null) => void} */
export function demandLast({ index }, head) {
  const last = head !== null && BigInt(index) === head.size - 1n;
  demand(last, "the state is not that of the checkpoint");
}

// The seal's body, if it is the last entry under a head.
/** @type {(root: Root, seal: Entry, head: Head | null) => Promise<Struct<"Seal">>} */
export async function stateUnder(root, seal, head) {
  demandLast(seal, head);
  await checkSealed(root, seal);
  demand(seal.record.kind === "seal", "the state is not that of the checkpoint");
  return seal.record.body;
}

// The same of a seal that no other check looks at: the checkpoint is its signature, and it has no other.
/** @type {(root: Root, seal: Entry, head: Head | null) => Promise<Struct<"Seal">>} */
export async function loneSeal(root, seal, head) {
  const body = await stateUnder(root, seal, head);
  demand(seal.record.signatures.length === 0, "nobody signs a seal but the log");
  return body;
}
