// The device key at rest: in IndexedDB, encrypted with AES-GCM under a passphrase (PBKDF2-SHA-256). A
// browser cannot keep a secp256k1 key where no script can read it; locked, it can be read by none.
import { hex, unhex } from "../../verifier/bytes.js";
import { keccak } from "../../verifier/fields.js";
import { withoutCryptography } from "./secure.js";

/** @import { Bytes } from "../../verifier/shapes.d.ts" */

/** @typedef {{ address: string, salt: Bytes, iv: Bytes, locked: ArrayBuffer }} Stored */

const ROUNDS = 600_000;
const GROUPS = 16;

/** @type {<T>(mode: IDBTransactionMode, act: (keys: IDBObjectStore) => IDBRequest<T>) => Promise<T>} */
function access(mode, act) {
  return new Promise((done, failed) => {
    const opening = indexedDB.open("hourledger", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("keys");
    opening.onerror = () => failed(opening.error);
    opening.onsuccess = () => {
      const transaction = opening.result.transaction("keys", mode);
      const asked = act(transaction.objectStore("keys"));
      transaction.oncomplete = () => {
        opening.result.close();
        done(asked.result);
      };
      transaction.onerror = () => failed(transaction.error);
    };
  });
}

// What is stored: address, salt, iv and locked key; undefined where nothing is.
/** @type {() => Promise<Stored | undefined>} */
export const stored = () => access("readonly", (keys) => keys.get("device"));

/** @type {() => Promise<undefined>} */
export const forget = () => access("readwrite", (keys) => keys.delete("device"));

/** @type {(address: string, key: Bytes, passphrase: string) => Promise<void>} */
export async function store(address, key, passphrase) {
  demandCryptography();
  const [salt, iv] = [16, 12].map((size) => crypto.getRandomValues(new Uint8Array(size)));
  const lock = await lockOf(passphrase, salt);
  const locked = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, lock, key);
  await access("readwrite", (keys) => keys.put({ address, salt, iv, locked }, "device"));
}

// The key (32 bytes); null for a wrong passphrase.
/** @type {(found: Stored, passphrase: string) => Promise<Bytes | null>} */
export async function unlock({ salt, iv, locked }, passphrase) {
  demandCryptography();
  try {
    const lock = await lockOf(passphrase, salt);
    return new Uint8Array(await crypto.subtle.decrypt({ name: "AES-GCM", iv }, lock, locked));
  } catch {
    return null;
  }
}

function demandCryptography() {
  if (withoutCryptography) throw new Error(withoutCryptography);
}

/** @type {(passphrase: string, salt: Bytes) => Promise<CryptoKey>} */
async function lockOf(passphrase, salt) {
  const bytes = new TextEncoder().encode(passphrase.normalize("NFKC"));
  const secret = await crypto.subtle.importKey("raw", bytes, "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: ROUNDS };
  return crypto.subtle.deriveKey(how, secret, { name: "AES-GCM", length: 256 }, false, [
    "encrypt",
    "decrypt",
  ]);
}

// The recovery code: the key in sixteen groups of four, and one that finds a slip of the pen.
/** @type {(key: Bytes) => string} */
export function codeOf(key) {
  const digits = hex(key).slice(2) + checkOf(key);
  return /** @type {string[]} */ (digits.match(/.{4}/g)).join(" ");
}

// The key of a recovery code; null for a code that was written down wrongly.
/** @type {(code: string) => Bytes | null} */
export function keyOf(code) {
  const digits = code.toLowerCase().replace(/[\s-]/g, "");
  if (!/^[0-9a-f]+$/.test(digits) || digits.length !== 4 * (GROUPS + 1)) return null;
  const key = unhex("0x" + digits.slice(0, 4 * GROUPS));
  return checkOf(key) === digits.slice(4 * GROUPS) ? key : null;
}

/** @type {(key: Bytes) => string} */
const checkOf = (key) => hex(keccak(key)).slice(2, 6);
