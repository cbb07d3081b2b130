// What a link or a typed text names (docs/certificates.md, "The QR code"): a record, or a whole file.
import { hex } from "../../verifier/bytes.js";
import { inflated } from "../../verifier/inflate.js";

/** @import { Bytes } from "../../verifier/shapes.d.ts" */
/** @import { Named } from "../shapes.d.ts" */

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const ADDRESS = /^https?:\/\/[a-z0-9.:[\]-]+(\/[A-Za-z0-9._~/-]*)?$/;
const ADDRESS_MAX = 120;
const OFFLINE_BYTES_MAX = 1250;
const INFLATED_MAX = 65536;

// {record, ledger, code}: ids as 0x-hex, and the code that opens a certificate's file; ledger and code
// are null where only the number of a record is given. {file}: its bytes. Null: of no known form.
/** @type {(text: string) => Promise<Named | null>} */
export async function readNamed(text) {
  const named = text.trim().replace(/^#/, "");
  if (/^0x[0-9a-f]{64}$/.test(named)) return { record: named, ledger: null, code: null };
  return readLink(text.trim());
}

// As a link of a QR code says it, and nothing else.
/** @type {(link: string) => Promise<Named | null>} */
export async function readLink(link) {
  const [address, ...fragments] = link.split("#");
  if (address.length > ADDRESS_MAX || !ADDRESS.test(address)) return null;
  return readFragment(fragments.join("#"));
}

/** @type {(fragment: string) => Promise<Named | null>} */
export async function readFragment(fragment) {
  const [kind, ...parts] = fragment.split(".");
  const read = parts.map(fromBase32);
  if (read.includes(null)) return null;
  const data = /** @type {Bytes[]} */ (read);
  const sizes = `${kind} ${data.map((part) => part.length)}`;
  if (sizes === "R 32,32,16") {
    const [ledger, record, code] = data.map(hex);
    return { ledger, record, code: code.slice(2) };
  }
  if (kind !== "Z" || data.length !== 1 || data[0].length > OFFLINE_BYTES_MAX) return null;
  const file = await inflated(data[0], INFLATED_MAX);
  return file && { file };
}

// Bytes from base32 without padding; null unless the text is their one spelling.
/** @type {(text: string) => Bytes | null} */
function fromBase32(text) {
  const out = [];
  let [value, bits] = [0, 0];
  for (const letter of text) {
    const digit = LETTERS.indexOf(letter);
    if (digit < 0) return null;
    value = (value << 5) | digit;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      out.push(value >> bits);
      value &= (1 << bits) - 1;
    }
  }
  return text && bits < 5 && value === 0 ? Uint8Array.from(out) : null;
}
