// The hashes and numbers that the state tree is made of (docs/spec/batches.md).
import { concat, sha256 } from "./bytes.js";
import { demand } from "./checks.js";

/** @import { Bytes } from "./shapes.d.ts" */

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

/** @type {(data: Bytes) => Bytes} */
const sized = (data) => concat(varint(data.length), data);
/** @type {(key: Bytes, value: Bytes) => Promise<Bytes>} */
export const leafNode = (key, value) => sha256(Uint8Array.of(0), sized(key), sized(value));
/** @type {(bit: number, left: Bytes, right: Bytes) => Promise<Bytes>} */
export const innerNode = (bit, left, right) => sha256(Uint8Array.of(1), varint(bit), left, right);
