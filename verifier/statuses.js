// The statuses of records in the state tree: `recorded` where there is no leaf.
import { demand } from "./checks.js";
import { checkMany } from "./multiproof.js";
import { recordId, subjectOf } from "./records.js";
import { statusName, statusValue } from "./totals.js";

/** @import { Bytes, Entry, Stated, Wanted } from "./shapes.d.ts" */

// What the tree must say for entries to have these statuses; of kinds that nothing changes it says nothing.
/** @type {(ledger: string, entries: Entry[], stated: (Stated | null)[]) => Promise<Wanted[]>} */
export async function statusLeaves(ledger, entries, stated) {
  /** @type {Wanted[]} */
  const wanted = [];
  for (const [at, { record }] of entries.entries()) {
    const subject = subjectOf(record);
    if (subject === null) demand(stated[at] === null, `nothing changes a ${record.kind}`);
    else wanted.push([await statusName(subject, recordId(ledger, record)), await statusValue(stated[at])]);
  }
  return wanted;
}

// The tree with a root (0x-hex) says this, by the proof; of nothing that is asked there is none.
/** @type {(root: string, wanted: Wanted[], proof: Bytes) => Promise<void>} */
export async function checkLeaves(root, wanted, proof) {
  if (wanted.length > 0) await checkMany(root, wanted, proof);
  else demand(proof.length === 0, "the proof is of no key");
}
