// Who signed: secp256k1 recovery, strictly one spelling of a signature, alone or for a whole sheet.
import { Point, recoverPublicKey } from "@noble/secp256k1";
import { concat, hex, unhex } from "./bytes.js";
import { ProofError, Refused } from "./checks.js";
import { checksumAddress, digest, keccak } from "./fields.js";
import { leafHash, rootFromInclusion } from "./merkle.js";
import { ledgerId, recordId } from "./records.js";

/** @import { Bytes, Claim, LedgerRecord, Sheet } from "./shapes.d.ts" */

const HALF_ORDER = Point.CURVE().n / 2n;

const KNOWN_MAX = 4096;
/** @type {Map<string, string>} */
const known = new Map();

// The address that signed a 32-byte digest. One signature can stand for a whole sheet of records, and
// is recovered once.
/** @type {(message: Bytes, signature: string) => string} */
function signerOf(message, signature) {
  const name = hex(message) + signature;
  if (!known.has(name)) {
    if (known.size >= KNOWN_MAX) known.clear();
    known.set(name, recover(message, unhex(signature)));
  }
  return /** @type {string} */ (known.get(name));
}

/** @type {(message: Bytes, signature: Bytes) => string} */
function recover(message, signature) {
  const v = signature[64];
  if (v !== 27 && v !== 28) throw new Refused("BAD_SIGNATURE", "65 bytes with v 27 or 28 are needed");
  const s = BigInt(hex(signature.subarray(32, 64)));
  if (s === 0n || s > HALF_ORDER) throw new Refused("BAD_SIGNATURE", "s is not low");
  try {
    const recoverable = concat(Uint8Array.of(v - 27), signature.subarray(0, 64));
    const key = recoverPublicKey(recoverable, message, { prehash: false, isCompressed: false });
    return checksumAddress(hex(keccak(key.subarray(1)).subarray(12)));
  } catch {
    throw new Refused("BAD_SIGNATURE", "no key recovers");
  }
}

/** @type {(ledger: string, record: Bytes, sheet: Sheet) => Promise<Bytes>} */
async function sheetDigest(ledger, record, { index, count, path }) {
  try {
    const root = await rootFromInclusion(await leafHash(record), index, count, path.map(unhex));
    return digest(ledger, "Sheet", { root: hex(root), count });
  } catch (error) {
    throw error instanceof ProofError ? new Refused("BAD_SHEET", error.message) : error;
  }
}

/** @type {(ledger: string, record: Bytes, claim: Claim) => Promise<void>} */
async function checkClaim(ledger, record, { role, signer, signature, sheet }) {
  const message = sheet ? await sheetDigest(ledger, record, sheet) : record;
  if (signerOf(message, signature) !== signer) {
    throw new Refused(sheet ? "BAD_SHEET" : "BAD_SIGNATURE", `${role}: the signature is not by ${signer}`);
  }
}

// Every claim of every record, each under the ledger's id; a genesis is signed under its own.
/** @type {(ledger: string, records: LedgerRecord[]) => Promise<string>} */
export async function checkSignatures(ledger, records) {
  let count = 0;
  for (const record of records) {
    if (record.kind === "genesis" && (await ledgerId(record.body)) !== ledger) {
      throw new ProofError("a record belongs to another ledger");
    }
    const id = unhex(recordId(ledger, record));
    for (const claim of record.signatures) await checkClaim(ledger, id, claim);
    count += record.signatures.length;
  }
  return `${count} signatures recover to their signers`;
}
