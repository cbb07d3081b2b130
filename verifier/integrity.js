// The issuer's signature on a credential: W3C Data Integrity, eddsa-jcs-2022 (docs/spec/certificates.md,
// "The issuer's signature"). Everything that fails here fails the check `credential`.
import { concat, hex, sha256, unhex, utf8 } from "./bytes.js";
import { demand as hold, ProofError } from "./checks.js";
import { canonical } from "./json.js";
import { verifyEd25519 } from "./note.js";

/** @import { Bytes, JsonObject } from "./shapes.d.ts" */

const TYPE = "DataIntegrityProof";
const SUITE = "eddsa-jcs-2022";
const NEEDED = ["type", "cryptosuite", "verificationMethod", "proofPurpose"];
const KNOWN = [...NEEDED, "@context", "id", "created", "proofValue"];
const PROOFS_MAX = 16;
const DIGITS = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
const STAMP =
  /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?(Z|[+-](0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)$/;

/** @type {(holds: unknown, reason: string) => asserts holds} */
const demand = (holds, reason) => hold(holds, reason, "credential");

/** @type {(document: JsonObject) => JsonObject[]} */
export function proofsOf({ proof }) {
  const found = Array.isArray(proof) ? proof : [proof];
  const objects = found.every((one) => one !== null && typeof one === "object" && !Array.isArray(one));
  demand(found.length > 0 && found.length <= PROOFS_MAX && objects, `one to ${PROOFS_MAX} proofs are needed`);
  return found;
}

// The one proof of this suite. Two are refused: who signed must be plain.
/** @type {(document: JsonObject) => JsonObject} */
export function issuersProof(document) {
  const ours = proofsOf(document).filter(({ type, cryptosuite }) => type === TYPE && cryptosuite === SUITE);
  demand(ours.length === 1, `one proof by ${SUITE} is needed, there are ${ours.length}`);
  return ours[0];
}

// Throws unless the proof of a document is by an Ed25519 key (32 bytes).
/** @type {(document: JsonObject, proof: JsonObject, key: Bytes) => Promise<void>} */
export async function checkProof(document, proof, key) {
  const names = Object.keys(proof);
  const expires = names.includes("expires");
  const known =
    NEEDED.every((name) => names.includes(name)) &&
    names.every((name) => name === "expires" || KNOWN.includes(name));
  demand(known, "the proof has members that are not known, or lacks some");
  demand(proof.proofPurpose === "assertionMethod", "the proof was made for another purpose");
  const named = typeof proof.verificationMethod === "string" && typeof (proof.id ?? "") === "string";
  demand(named && proof.id !== null, "the proof does not name its verification method");
  const timed = !names.includes("created") || isStamp(proof.created);
  demand(timed, "the proof's time is no dateTimeStamp");
  // No clock is asked: the verdict of a file is the same on every day.
  demand(!expires, "the proof has expired, or nobody says what time it is");
  const signature = signatureOf(proof.proofValue);
  const signed = { ...document };
  if (names.includes("@context")) {
    const [stated, shown] = [proof["@context"], document["@context"]].map((one) => [one].flat(1));
    const begins = stated.every((one, at) => at < shown.length && canonical(one) === canonical(shown[at]));
    demand(begins, "the proof was made for other contexts");
    signed["@context"] = proof["@context"];
  }
  const right = await verifyEd25519(key, signature, await hashed(signed, proof));
  demand(right, "the issuer's signature does not hold");
}

/** @type {(document: JsonObject, proof: JsonObject) => Promise<Bytes>} */
async function hashed({ proof: _, ...bare }, { proofValue, ...options }) {
  try {
    return concat(await sha256(utf8(canonical(options))), await sha256(utf8(canonical(bare))));
  } catch (error) {
    throw error instanceof ProofError
      ? new ProofError("the issuer's signature does not hold", "credential")
      : error;
  }
}

// Whether a text is an XML Schema dateTimeStamp of a day that there is.
/** @type {(text: unknown) => boolean} */
function isStamp(text) {
  if (typeof text !== "string" || !STAMP.test(text)) return false;
  const plain = text.slice(0, 19);
  const time = Date.parse(`${plain}Z`);
  return plain > "0001" && !Number.isNaN(time) && new Date(time).toISOString().startsWith(plain);
}

/** @type {(value: unknown) => Bytes} */
function signatureOf(value) {
  const text = typeof value === "string" && value.length >= 65 && value.length <= 90 && value[0] === "z";
  const data = text ? fromBase58(value.slice(1)) : null;
  demand(data !== null, "the signature is not in multibase base58btc");
  demand(data.length === 64, "an Ed25519 signature has 64 bytes");
  return data;
}

// The 32 bytes of an Ed25519 key as W3C Multikey.
/** @type {(text: unknown) => Bytes} */
export function readMultikey(text) {
  const right = typeof text === "string" && /^z6Mk[1-9A-HJ-NP-Za-km-z]{44}$/.test(text);
  const data = right ? fromBase58(text.slice(1)) : null;
  const key = data?.length === 34 && data[0] === 0xed && data[1] === 0x01 ? data.subarray(2) : null;
  demand(key !== null, "not an Ed25519 key in multibase base58btc");
  return key;
}

// The DID and the key in a verification method. A did:key must be of that very key.
/** @type {(text: unknown) => [issuer: string, key: Bytes]} */
export function readMethod(text) {
  const [issuer, fragment, ...more] = typeof text === "string" ? text.split("#") : [];
  const right = fragment !== undefined && more.length === 0;
  demand(right, "the verification method does not name a key of its issuer");
  const key = readMultikey(fragment);
  const same = !issuer.startsWith("did:key:") || issuer === `did:key:${fragment}`;
  demand(same, "the verification method names another key than its issuer");
  return [issuer, key];
}

// W3C Multikey of an Ed25519 key.
/** @type {(key: Bytes) => string} */
export function multikey(key) {
  let value = BigInt(hex(concat(Uint8Array.of(0xed, 0x01), key)));
  let text = "";
  for (; value > 0n; value /= 58n) text = DIGITS[Number(value % 58n)] + text;
  return `z${text}`;
}

// Bytes from base58btc, or null.
/** @type {(text: string) => Bytes | null} */
function fromBase58(text) {
  let value = 0n;
  for (const digit of text) {
    if (!DIGITS.includes(digit)) return null;
    value = value * 58n + BigInt(DIGITS.indexOf(digit));
  }
  const digits = value === 0n ? "" : value.toString(16);
  const zeros = text.length - text.replace(/^1+/, "").length;
  return concat(new Uint8Array(zeros), unhex(`0x${digits.length % 2 ? "0" : ""}${digits}`));
}
