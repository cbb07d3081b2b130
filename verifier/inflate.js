// Unpacking (RFC 1951) up to a bound, so that a bomb stops early. A browser's own DecompressionStream
// says neither where a stream ended nor, everywhere alike, that something follows it.

/** @import { Bytes } from "./shapes.d.ts" */

const LENGTHS = [
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195,
  227, 258,
];
const LENGTH_BITS = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const DISTANCES = Array.from({ length: 30 }, (_, at) =>
  at < 4 ? at + 1 : 1 + ((2 + (at & 1)) << ((at >> 1) - 1)),
);
const DISTANCE_BITS = Array.from({ length: 30 }, (_, at) => (at < 4 ? 0 : (at >> 1) - 1));
const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
const BITS_MAX = 15;

/**
 * The packed bytes, where reading is, and bits that were read ahead of what is taken.
 * @typedef {{ packed: Bytes, at: number, held: number, count: number }} Bits
 * @typedef {{ data: Bytes, size: number, most: number }} Out
 * @typedef {{ table: Uint16Array, size: number }} Codes
 */

class Bad extends Error {}
class Full extends Error {}

/** @type {(holds: unknown) => asserts holds} */
const demand = (holds) => {
  if (!holds) throw new Bad();
};

// What a stream of one of the formats `deflate` (zlib, RFC 1950) and `gzip` (one member, RFC 1952)
// holds; null where it is damaged, holds more than `most` bytes, or something follows it.
/** @type {(packed: Bytes, most: number, format?: "deflate" | "gzip") => Bytes | null} */
export function inflated(packed, most, format = "deflate") {
  const found = unpack(packed, most, format);
  return found !== null && !found.more && found.end === packed.length ? found.data : null;
}

// {data, end, more}: the first `most` bytes that the stream holds, whether there are more, and if there
// are not, where the stream ends. Null where it is damaged.
/**
 * @type {(
 *   packed: Bytes, most: number, format?: "deflate" | "gzip",
 * ) => { data: Bytes, end?: number, more: boolean } | null}
 */
export function unpack(packed, most, format = "deflate") {
  const bits = { packed, at: 0, held: 0, count: 0 };
  const out = { data: new Uint8Array(Math.min(most, 4 * packed.length + 1024)), size: 0, most };
  try {
    const gzip = format === "gzip";
    if (gzip) passGzipHeader(bits);
    else checkZlibHeader(bits);
    inflate(bits, out);
    const data = out.data.subarray(0, out.size);
    const sum = gzip ? [crc32(data), data.length] : [adler32(data)];
    for (const number of sum) demand(word(bits, gzip) === number >>> 0);
    return { data, end: bits.at, more: false };
  } catch (error) {
    if (error instanceof Full) return { data: out.data.subarray(0, out.size), more: true };
    if (error instanceof Bad) return null;
    throw error;
  }
}

/** @type {(bits: Bits) => number} */
function byte(bits) {
  demand(bits.at < bits.packed.length);
  return bits.packed[bits.at++];
}

/** @type {(bits: Bits, littleFirst: boolean) => number} */
function word(bits, littleFirst) {
  const four = [byte(bits), byte(bits), byte(bits), byte(bits)];
  return (littleFirst ? four.reverse() : four).reduce((sum, next) => ((sum << 8) | next) >>> 0, 0);
}

/** @type {(bits: Bits) => void} */
function checkZlibHeader(bits) {
  const [method, flags] = [byte(bits), byte(bits)];
  demand((method & 15) === 8 && method >> 4 <= 7 && (method * 256 + flags) % 31 === 0 && !(flags & 32));
}

/** @type {(bits: Bits) => void} */
function passGzipHeader(bits) {
  demand(byte(bits) === 0x1f && byte(bits) === 0x8b && byte(bits) === 8);
  const flags = byte(bits);
  demand((flags & 0xe0) === 0);
  bits.at += 6;
  if (flags & 4) bits.at += byte(bits) + 256 * byte(bits);
  for (const flag of [8, 16]) while (flags & flag && byte(bits) !== 0);
  demand(bits.at <= bits.packed.length);
  const sum = crc32(bits.packed.subarray(0, bits.at)) & 0xffff;
  if (flags & 2) demand(byte(bits) + 256 * byte(bits) === sum);
}

/** @type {(bits: Bits, wanted: number) => number} */
function take(bits, wanted) {
  while (bits.count < wanted) {
    bits.held |= byte(bits) << bits.count;
    bits.count += 8;
  }
  const found = bits.held & ((1 << wanted) - 1);
  bits.held >>>= wanted;
  bits.count -= wanted;
  return found;
}

/** @type {(bits: Bits, out: Out) => void} */
function inflate(bits, out) {
  for (let last = false; !last;) {
    last = take(bits, 1) === 1;
    const kind = take(bits, 2);
    if (kind === 0) copyStored(bits, out);
    else if (kind === 1) copyCoded(bits, out, ...fixedCodes());
    else if (kind === 2) copyCoded(bits, out, ...readCodes(bits));
    else demand(false);
  }
  bits.at -= bits.count >> 3;
}

/** @type {(out: Out, wanted: number) => void} */
function room(out, wanted) {
  if (out.size + wanted > out.data.length) {
    const grown = new Uint8Array(Math.min(out.most, Math.max(2 * out.data.length, out.size + wanted)));
    grown.set(out.data.subarray(0, out.size));
    out.data = grown;
  }
}

/** @type {(out: Out, value: number) => void} */
function put(out, value) {
  if (out.size === out.most) throw new Full();
  if (out.size === out.data.length) room(out, 1);
  out.data[out.size++] = value;
}

/** @type {(bits: Bits, out: Out) => void} */
function copyStored(bits, out) {
  bits.at -= bits.count >> 3;
  bits.held = bits.count = 0;
  const length = byte(bits) + 256 * byte(bits);
  demand(byte(bits) + 256 * byte(bits) === (length ^ 0xffff) && bits.at + length <= bits.packed.length);
  for (const value of bits.packed.subarray(bits.at, bits.at + length)) put(out, value);
  bits.at += length;
}

/** @type {(bits: Bits, out: Out, symbols: Codes, distances: Codes) => void} */
function copyCoded(bits, out, symbols, distances) {
  for (;;) {
    const symbol = decode(bits, symbols);
    if (symbol === 256) return;
    if (symbol < 256) {
      put(out, symbol);
      continue;
    }
    demand(symbol <= 285);
    const length = LENGTHS[symbol - 257] + take(bits, LENGTH_BITS[symbol - 257]);
    const code = decode(bits, distances);
    demand(code < 30);
    const distance = DISTANCES[code] + take(bits, DISTANCE_BITS[code]);
    demand(distance <= out.size);
    for (let count = 0; count < length; count += 1) put(out, out.data[out.size - distance]);
  }
}

// A table by the next bits: symbol and length of its code, or 0 where no code begins so. A set of codes
// must be complete; one alone of one bit need not be.
/** @type {(lengths: number[], alone?: boolean) => Codes} */
function tableOf(lengths, alone = true) {
  const counts = new Array(BITS_MAX + 1).fill(0);
  for (const length of lengths) counts[length] += 1;
  counts[0] = 0;
  let size = BITS_MAX;
  while (size > 1 && counts[size] === 0) size -= 1;
  /** @type {[number[], boolean]} */
  const [next, used] = [[], counts.some((count) => count > 0)];
  let [code, left] = [0, 1];
  for (let length = 1; length <= BITS_MAX; length += 1) {
    left = 2 * left - counts[length];
    demand(left >= 0);
    code = (code + counts[length - 1]) << 1;
    next[length] = code;
  }
  demand(left === 0 || !used || (alone && size === 1));
  const table = new Uint16Array(1 << size);
  lengths.forEach((length, symbol) => {
    if (length === 0) return;
    let reversed = 0;
    for (let bit = 0; bit < length; bit += 1) reversed |= ((next[length] >> bit) & 1) << (length - 1 - bit);
    next[length] += 1;
    for (let at = reversed; at < table.length; at += 1 << length) table[at] = (symbol << 4) | length;
  });
  return { table, size };
}

/** @type {(bits: Bits, codes: Codes) => number} */
function decode(bits, { table, size }) {
  while (bits.count < size && bits.at < bits.packed.length) {
    bits.held |= bits.packed[bits.at++] << bits.count;
    bits.count += 8;
  }
  const found = table[bits.held & ((1 << size) - 1)];
  const length = found & 15;
  demand(length > 0 && length <= bits.count);
  bits.held >>>= length;
  bits.count -= length;
  return found >> 4;
}

/** @type {() => [symbols: Codes, distances: Codes]} */
function fixedCodes() {
  const lengths = Array.from({ length: 288 }, (_, at) => (at < 144 ? 8 : at < 256 ? 9 : at < 280 ? 7 : 8));
  return [tableOf(lengths), tableOf(new Array(32).fill(5))];
}

/** @type {(bits: Bits) => [symbols: Codes, distances: Codes]} */
function readCodes(bits) {
  const [symbols, distances, count] = [take(bits, 5) + 257, take(bits, 5) + 1, take(bits, 4) + 4];
  demand(symbols <= 286 && distances <= 30);
  const own = new Array(19).fill(0);
  for (const at of ORDER.slice(0, count)) own[at] = take(bits, 3);
  const table = tableOf(own, false);
  /** @type {number[]} */
  const lengths = [];
  while (lengths.length < symbols + distances) {
    const symbol = decode(bits, table);
    if (symbol < 16) {
      lengths.push(symbol);
      continue;
    }
    demand(symbol !== 16 || lengths.length > 0);
    const repeated = symbol === 16 ? lengths[lengths.length - 1] : 0;
    const times = symbol === 16 ? 3 + take(bits, 2) : symbol === 17 ? 3 + take(bits, 3) : 11 + take(bits, 7);
    demand(lengths.length + times <= symbols + distances);
    for (let time = 0; time < times; time += 1) lengths.push(repeated);
  }
  demand(lengths[256] > 0);
  return [tableOf(lengths.slice(0, symbols)), tableOf(lengths.slice(symbols))];
}

const CRC = Uint32Array.from({ length: 256 }, (_, value) => {
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value;
});

/** @type {(data: Bytes) => number} */
function crc32(data) {
  let sum = 0xffffffff;
  for (const value of data) sum = CRC[(sum ^ value) & 255] ^ (sum >>> 8);
  return ~sum >>> 0;
}

/** @type {(data: Bytes) => number} */
function adler32(data) {
  let [low, high] = [1, 0];
  for (const value of data) {
    low = (low + value) % 65521;
    high = (high + low) % 65521;
  }
  return ((high << 16) | low) >>> 0;
}
