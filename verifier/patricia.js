// Proofs out of the state tree (docs/spec/batches.md): a key with its value, or that it is not there.
import { concat, equal, hex, sha256 } from "./bytes.js";
import { demand } from "./checks.js";

/** @import { Bytes, Step, TreePath } from "./shapes.d.ts" */

export const EMPTY = "0xe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/** @type {(number: number) => Bytes} */
function varint(number) {
  const out = [];
  for (; number >= 128; number = Math.floor(number / 128)) out.push((number % 128) + 128);
  return Uint8Array.of(...out, number);
}

// One bit of a key, which is read as if 0x00 and then 0xFF for ever followed it.
/** @type {(key: Bytes, bit: number) => number} */
export function bitOf(key, bit) {
  const place = Math.floor(bit / 8);
  if (place < key.length) return (key[place] >> (7 - (bit % 8))) & 1;
  return place === key.length ? 0 : 1;
}

// [number, place after it] of a varint in its one spelling.
/** @type {(data: Bytes, at: number) => [number: number, at: number]} */
export function readVarint(data, at) {
  let [number, scale, byte] = [0, 1, 0];
  do {
    demand(at < data.length && scale <= 2 ** 28, "a number is malformed");
    byte = data[at++];
    number += (byte % 128) * scale;
    scale *= 128;
  } while (byte >= 128);
  demand(byte !== 0 || scale === 128, "a number is padded");
  return [number, at];
}

// [bit, hash] of each step, leaf first.
/** @type {(data: Bytes) => Step[]} */
export function parseSteps(data) {
  /** @type {Step[]} */
  const steps = [];
  for (let at = 0, bit; at < data.length; at += 32) {
    [bit, at] = readVarint(data, at);
    demand(at + 32 <= data.length, "the path is cut");
    steps.push([bit, data.subarray(at, at + 32)]);
  }
  return steps;
}

/** @type {(data: Bytes) => Bytes} */
const sized = (data) => concat(varint(data.length), data);
/** @type {(key: Bytes, value: Bytes) => Promise<Bytes>} */
export const leafNode = (key, value) => sha256(Uint8Array.of(0), sized(key), sized(value));
/** @type {(bit: number, left: Bytes, right: Bytes) => Promise<Bytes>} */
export const innerNode = (bit, left, right) => sha256(Uint8Array.of(1), varint(bit), left, right);

// The root, 0x-hex, to which {key, value, steps} leads.
/** @type {(path: TreePath) => Promise<string>} */
async function rootOf({ key, value, steps }) {
  const falling = steps.every(([bit], at) => at === 0 || bit < steps[at - 1][0]);
  demand(falling, "the bits of the path do not fall");
  let found = await leafNode(key, value);
  for (const [bit, sibling] of steps) {
    found = await (bitOf(key, bit) ? innerNode(bit, sibling, found) : innerNode(bit, found, sibling));
  }
  return hex(found);
}

/** @type {(root: string, path: TreePath) => Promise<void>} */
export async function checkPresent(root, path) {
  demand((await rootOf(path)) === root, "the path leads to another root");
}

// A lookup of `key` ends at another leaf; with no path, the tree is empty.
/** @type {(root: string, key: Bytes, path: TreePath | null) => Promise<void>} */
export async function checkAbsent(root, key, path) {
  if (path === null) return demand(root === EMPTY, "the tree is not empty");
  await checkPresent(root, path);
  demand(!equal(path.key, key), "the key is there");
  const same = path.steps.every(([bit]) => bitOf(path.key, bit) === bitOf(key, bit));
  return demand(same, "a lookup of the key does not end there");
}
