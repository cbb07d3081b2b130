// RFC 9162 Merkle trees over SHA-256: the root that a path leads to. Sizes are BigInt, since a
// checkpoint may name any below 2^64; size and root come from a verified checkpoint only.
import { concat, equal, sha256 } from "./bytes.js";
import { demand, ProofError } from "./checks.js";

/** @import { Bytes, Head } from "./shapes.d.ts" */

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

/** @type {(data: Bytes) => Promise<Bytes>} */
export const leafHash = (data) => sha256(LEAF, data);
/** @type {(left: Bytes, right: Bytes) => Promise<Bytes>} */
const nodeHash = (left, right) => sha256(NODE, left, right);

// RFC 9162 section 2.1.3.2; the path is a list of hashes, leaf first.
/** @type {(leaf: Bytes, index: number | bigint, size: number | bigint, path: Bytes[]) => Promise<Bytes>} */
export async function rootFromInclusion(leaf, index, size, path) {
  demand(BigInt(index) < BigInt(size), "the index is not in the tree");
  let [place, last, found] = [BigInt(index), BigInt(size) - 1n, leaf];
  for (const sibling of path) {
    demand(last > 0n, "the path is too long");
    if (place & 1n || place === last) {
      found = await nodeHash(sibling, found);
      while (place && !(place & 1n)) [place, last] = [place >> 1n, last >> 1n];
    } else {
      found = await nodeHash(found, sibling);
    }
    [place, last] = [place >> 1n, last >> 1n];
  }
  demand(last === 0n, "the path is too short");
  return found;
}

/** @type {(leaf: Bytes, index: number, head: Pick<Head, "size" | "root">, path: Bytes[]) => Promise<void>} */
export async function checkInclusion(leaf, index, { size, root }, path) {
  const found = await rootFromInclusion(leaf, index, size, path);
  demand(equal(found, root), "the path leads to another root");
}

// One path for many leaves (docs/spec/proofs.md). `leaves`: a Map of index to leaf hash; `path`:
// the hashes one behind the other.
/** @type {(leaves: Map<number, Bytes>, head: Pick<Head, "size" | "root">, path: Bytes) => Promise<void>} */
export async function checkInclusions(leaves, { size, root }, path) {
  const inside = [...leaves.keys()].sort((a, b) => a - b);
  demand(inside.length > 0, "there is no leaf to prove");
  demand(BigInt(inside[inside.length - 1]) < size, "an index is not in the tree");
  let used = 0;
  const next = () => {
    used += 32;
    if (used > path.length) throw new ProofError("the path is too short");
    return path.subarray(used - 32, used);
  };
  // Of the leaves from `start` to `stop` those wanted are inside[from] to inside[to - 1].
  /** @type {(start: bigint, stop: bigint, from: number, to: number) => Promise<Bytes>} */
  const walk = async (start, stop, from, to) => {
    if (from === to) return next();
    if (stop - start === 1n) return /** @type {Bytes} */ (leaves.get(inside[from]));
    const middle = start + split(stop - start);
    let place = from;
    while (place < to && BigInt(inside[place]) < middle) place += 1;
    const lower = await walk(start, middle, from, place);
    return nodeHash(lower, await walk(middle, stop, place, to));
  };
  const found = await walk(0n, size, 0, inside.length);
  demand(used === path.length, "the path is too long");
  demand(equal(found, root), "the path leads to another root");
}

// Head of the tree over all leaf hashes, at least one.
/** @type {(leaves: Bytes[]) => Promise<Bytes>} */
export async function rootOfAll(leaves) {
  let row = leaves;
  while (row.length > 1) {
    const above = [];
    for (let at = 0; at + 1 < row.length; at += 2) above.push(await nodeHash(row[at], row[at + 1]));
    row = row.length % 2 ? [...above, row[row.length - 1]] : above;
  }
  return row[0];
}

// The largest power of two below `count`.
/** @type {(count: bigint) => bigint} */
const split = (count) => 1n << BigInt((count - 1n).toString(2).length - 1);

// The head of an account's chain after one more entry (docs/spec/batches.md).
/** @type {(head: Bytes, leaf: Bytes) => Promise<Bytes>} */
export const chained = (head, leaf) => sha256(concat(Uint8Array.of(4), head, leaf));
