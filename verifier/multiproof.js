// One proof for many keys of the state tree (docs/spec/proofs.md): each with its value, or absent.
import { equal, hex } from "./bytes.js";
import { demand } from "./checks.js";
import { bitOf, EMPTY, innerNode, leafNode, readVarint } from "./patricia.js";

/** @import { Bytes, Wanted } from "./shapes.d.ts" */

const [LEAF, INNER, PRUNED, ASKED] = [0, 1, 2, 3];
const BYTES_MAX = 16 * 1024 * 1024;
const KEY_MAX = 1024;

// `wanted`: [key, value] pairs, the value null where the tree with a root (0x-hex) lacks the key. Of a
// key that is given twice the last value counts.
/** @type {(root: string, wanted: Wanted[], proof: Bytes) => Promise<void>} */
export async function checkMany(root, wanted, proof) {
  const keys = [...new Map(wanted.map((pair) => [hex(pair[0]), pair])).values()];
  demand(keys.length > 0, "there is no key to prove");
  demand(proof.length <= BYTES_MAX, `a proof has at most ${BYTES_MAX} bytes`);
  if (proof.length === 0) {
    const none = root === EMPTY && keys.every(([, value]) => value === null);
    return demand(none, "the tree is not empty");
  }
  const found = hex(await new Reading(proof).root(keys));
  return demand(found === root, "the proof leads to another root");
}

// One pass over a proof, without recursion: a forged tree may be a thousand levels deep.
class Reading {
  /** @param {Bytes} proof */
  constructor(proof) {
    this.proof = proof;
    this.at = 0;
    // Inner nodes whose parts are being read: {bit, right: the keys that go right, left: a hash}.
    /** @type {{ bit: number, right: Wanted[], left: Bytes | null }[]} */
    this.open = [];
  }

  /** @type {(keys: Wanted[]) => Promise<Bytes>} */
  async root(keys) {
    for (let passing = keys; ;) {
      const [tag] = this.take(1);
      if (tag === INNER) {
        passing = this.enter(passing);
        continue;
      }
      let found = /** @type {Bytes | null} */ (await this.end(tag, passing));
      while (this.open.length > 0 && found !== null) {
        const node = this.open[this.open.length - 1];
        if (node.left === null) {
          [node.left, passing, found] = [found, node.right, null];
        } else {
          found = await innerNode(node.bit, node.left, found);
          this.open.pop();
        }
      }
      if (found === null) continue;
      demand(this.at === this.proof.length, "the proof has bytes left over");
      return found;
    }
  }

  /** @type {(count: number) => Bytes} */
  take(count) {
    demand(this.at + count <= this.proof.length, "the proof is cut");
    this.at += count;
    return this.proof.subarray(this.at - count, this.at);
  }

  /** @type {() => number} */
  number() {
    const [number, at] = readVarint(this.proof, this.at);
    this.at = at;
    return number;
  }

  /** @type {(passing: Wanted[]) => Wanted[]} */
  enter(passing) {
    const bit = this.number();
    const rises = bit <= 8 * KEY_MAX && (this.open.length === 0 || bit > this.open[this.open.length - 1].bit);
    demand(rises, "the bits of the proof do not rise");
    demand(passing.length > 0, "a part is shown in which no lookup goes");
    this.open.push({ bit, right: passing.filter(([key]) => bitOf(key, bit) === 1), left: null });
    return passing.filter(([key]) => bitOf(key, bit) === 0);
  }

  // The hash of a part without parts of its own.
  /** @type {(tag: number, passing: Wanted[]) => Promise<Bytes>} */
  async end(tag, passing) {
    if (tag === PRUNED) {
      demand(passing.length === 0, "a part is left out in which a lookup goes");
      return this.take(32);
    }
    demand(passing.length > 0, "a part is shown in which no lookup goes");
    const there = passing.filter(([, value]) => value !== null);
    if (tag === ASKED && there.length === 1) return leafNode(.../** @type {[Bytes, Bytes]} */ (there[0]));
    demand(tag === LEAF && there.length === 0, "a key is not where its lookup ends");
    return this.other(passing);
  }

  // The leaf of another key, at which lookups of keys that are not there end.
  /** @type {(passing: Wanted[]) => Promise<Bytes>} */
  other(passing) {
    const size = this.number();
    demand(size <= KEY_MAX, `a key has at most ${KEY_MAX} bytes`);
    const key = this.take(size);
    const value = this.take(this.number());
    demand(!passing.some(([asked]) => equal(asked, key)), "the key is there");
    const stands = this.open.every(({ bit, left }) => bitOf(key, bit) === (left === null ? 0 : 1));
    demand(stands, "a leaf stands where a lookup of its key does not go");
    return leafNode(key, value);
  }
}
