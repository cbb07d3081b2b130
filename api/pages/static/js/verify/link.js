// What a link or a typed text names (docs/certificates.md, "The QR code"): a record, or a whole file.
import { hex } from "../../verifier/bytes.js";
import { inflated } from "./pdf.js";

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const OFFLINE_BYTES_MAX = 1250;
const INFLATED_MAX = 65536;

// {record, ledger} (ids as 0x-hex; the ledger null where only a number is given), {file} (bytes), or
// null for a text of no known form.
export async function readLink(text) {
  const named = text.trim().replace(/^[^#]*#/, "");
  if (/^0x[0-9a-f]{64}$/.test(named)) return { record: named, ledger: null };
  const [kind, ...parts] = named.split(".");
  const data = parts.map(fromBase32);
  if (data.includes(null)) return null;
  if (kind === "R" && data.length === 2 && data.every((id) => id.length === 32)) {
    return { ledger: hex(data[0]), record: hex(data[1]) };
  }
  if (kind !== "Z" || data.length !== 1 || data[0].length > OFFLINE_BYTES_MAX) return null;
  return inflated(data[0], INFLATED_MAX).then((file) => ({ file }), () => null);
}

// Bytes from base32 without padding; null unless the text is their one spelling.
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
