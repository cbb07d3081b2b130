// JSON as files of this ledger may spell it: one document, no repeated names, whole numbers only.
import { demand, Refused } from "./checks.js";

/** @import { Bytes, JsonObject } from "./shapes.d.ts" */

const DEPTH_MAX = 16;

/** @type {(bytes: Bytes, limit: number) => unknown} */
export function parseJson(bytes, limit) {
  if (bytes.length > limit) {
    throw new Refused("TOO_LARGE", `${bytes.length} bytes, at most ${limit} are taken`);
  }
  checkDepth(bytes);
  const text = decoded(bytes);
  if (text === null) throw new Refused("NOT_JSON", "not UTF-8");
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Refused("NOT_JSON", "not well-formed");
  }
  // JSON.parse drops repeated names and rounds numbers. Written again, the value must have the very
  // tokens of the file, or it could say one thing here and another elsewhere.
  if (tokensOf(text) !== JSON.stringify(value)) {
    throw new Refused("NOT_JSON", "a name is repeated, or a number is no integer in range");
  }
  return value;
}

// Whether bytes are UTF-8 and of the grammar of JSON, whatever their numbers are and however often a
// name comes.
/** @type {(bytes: Bytes) => boolean} */
export function isJson(bytes) {
  try {
    JSON.parse(decoded(bytes) ?? "");
    return true;
  } catch {
    return false;
  }
}

/** @type {(bytes: Bytes) => string | null} */
function decoded(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

// Before anything else, of bytes that may be no JSON at all.
/** @type {(bytes: Bytes) => void} */
function checkDepth(bytes) {
  let [depth, quoted] = [0, false];
  for (let at = 0; at < bytes.length; at += 1) {
    const next = bytes[at];
    if (quoted && next === 0x5c) at += 1;
    else if (next === 0x22) quoted = !quoted;
    else if (quoted) continue;
    else if (next === 0x5b || next === 0x7b) depth += 1;
    else if (next === 0x5d || next === 0x7d) depth -= 1;
    if (depth > DEPTH_MAX) throw new Refused("TOO_LARGE", `nested more than ${DEPTH_MAX} levels`);
  }
}

// The document, which JSON.parse takes, without its spaces and with each text in one spelling; a
// number out of range is left out.
/** @type {(text: string) => string} */
function tokensOf(text) {
  const tokens = [];
  for (let at = 0; at < text.length;) {
    const quote = text.indexOf('"', at);
    const plain = text.slice(at, quote < 0 ? text.length : quote);
    for (const [token] of plain.matchAll(/[[\]{}:,]|[^\s[\]{}:,]+/g)) {
      if (!/^[-0-9]/.test(token) || Number.isSafeInteger(Number(token))) tokens.push(token);
    }
    if (quote < 0) break;
    at = endOfText(text, quote);
    tokens.push(JSON.stringify(JSON.parse(text.slice(quote, at))));
  }
  return tokens.join("");
}

/** @type {(text: string, quote: number) => number} */
function endOfText(text, quote) {
  for (let end = text.indexOf('"', quote + 1); ; end = text.indexOf('"', end + 1)) {
    let slashes = 0;
    while (text[end - 1 - slashes] === "\\") slashes += 1;
    if (slashes % 2 === 0) return end + 1;
  }
}

// RFC 8785 of a value that was read: names sorted by UTF-16 code units, no space. Throws `ProofError`
// for a text that is not Unicode.
/** @type {(value: unknown) => string} */
export function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return spelled(value);
  const members = /** @type {JsonObject} */ (value);
  const names = Object.keys(members).sort();
  return `{${names.map((name) => `${spelled(name)}:${canonical(members[name])}`).join(",")}}`;
}

/** @type {(value: unknown) => string} */
function spelled(value) {
  demand(typeof value !== "string" || !/\p{Cs}/u.test(value), "the text has a lone surrogate");
  return JSON.stringify(value);
}

// Whether a value is an object with exactly these names.
/** @type {<N extends string>(value: unknown, names: readonly N[]) => value is Record<N, unknown>} */
export function isObject(value, names) {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return false;
  return Object.keys(value).length === names.length && names.every((name) => hasOwn(value, name));
}

// `Object.hasOwn`, which phones of 2022 have not all.
/** @type {<O extends object, N extends string>(object: O, name: N) => object is O & Record<N, unknown>} */
export const hasOwn = (object, name) => Object.prototype.hasOwnProperty.call(object, name);
