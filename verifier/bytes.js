// Bytes, their spellings as text, and SHA-256 by WebCrypto.

/** @import { Bytes } from "./shapes.d.ts" */

/** @type {(text: string) => Bytes} */
export const utf8 = (text) => new TextEncoder().encode(text);

/** @type {(...parts: Uint8Array[]) => Bytes} */
export function concat(...parts) {
  const all = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** @type {(a: Uint8Array, b: Uint8Array) => boolean} */
export const equal = (a, b) => a.length === b.length && a.every((byte, at) => byte === b[at]);

// 0x-hex in lower case, which is how every file spells bytes.
/** @type {(bytes: Uint8Array) => string} */
export const hex = (bytes) => "0x" + Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

/** @type {(text: string) => Bytes} */
export const unhex = (text) =>
  Uint8Array.from({ length: text.length / 2 - 1 }, (_, at) =>
    parseInt(text.slice(2 * at + 2, 2 * at + 4), 16),
  );

// Bytes from base64, or null unless the text is their one spelling.
/** @type {(text: string) => Bytes | null} */
export function fromBase64(text) {
  try {
    const data = atob(text);
    return btoa(data) === text ? Uint8Array.from(data, (c) => c.charCodeAt(0)) : null;
  } catch {
    return null;
  }
}

/** @type {(...parts: Uint8Array[]) => Promise<Bytes>} */
export const sha256 = async (...parts) =>
  new Uint8Array(await crypto.subtle.digest("SHA-256", concat(...parts)));
