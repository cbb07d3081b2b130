// The issuer's signature on a credential: W3C Data Integrity, eddsa-jcs-2022 (docs/spec/certificates.md,
// "The issuer's signature"). Of eddsa-rdfc-2022 the form is checked and whose it is, not the signature, which
// is over an RDF graph. Everything that fails here fails the check `credential`.
import { concat, hex, sha256, unhex, utf8 } from "./bytes.js";
import { demand as hold, ProofError } from "./checks.js";
import { canonical, hasOwn } from "./json.js";
import { verifyEd25519 } from "./note.js";

/** @import { Bytes, JsonObject } from "./shapes.d.ts" */

const TYPE = "DataIntegrityProof";
const JCS = "eddsa-jcs-2022";
const RDFC = "eddsa-rdfc-2022";
const NEEDED = ["type", "cryptosuite", "verificationMethod", "proofPurpose"];
const TIMED = [...NEEDED, "created", "expires", "proofValue"];
/** @type {Map<string, string[]>} */
const KNOWN = new Map([
  [JCS, [...TIMED, "@context", "id"]],
  [RDFC, TIMED],
]);
const NAME = /^[A-Za-z0-9._:/#-]{1,80}$/;
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

// {key, ignored}: the Ed25519 key by whose eddsa-jcs-2022 an issuer (a DID) signed a document, null without
// one, and the names of the proofs that are not checked here. All of a known suite are by one key. Proofs of
// the type `beside` are another's affair.
/**
 * @type {(
 *   document: JsonObject, issuer: string, beside: string,
 * ) => Promise<{ key: Bytes | null, ignored: string[] }>}
 */
export async function checkIssuer(document, issuer, beside) {
  const proofs = proofsOf(document).filter(({ type }) => type !== beside);
  demand(proofs.length > 0, `one to ${PROOFS_MAX} proofs are needed`);
  const ignored = proofs.filter((proof) => !isOf(proof, JCS)).map(nameOf);
  const keys = new Map();
  for (const suite of KNOWN.keys()) {
    const ours = proofs.filter((proof) => isOf(proof, suite));
    demand(ours.length <= 1, `one proof by ${suite} is needed, there are ${ours.length}`);
    if (ours.length === 0) continue;
    const [signer, key] = readMethod(ours[0].verificationMethod);
    demand(signer === issuer, "the credential is signed by another than its issuer");
    keys.set(hex(key), key);
    demand(keys.size === 1, "the proofs of the issuer are by two keys");
    const signature = checkForm(ours[0]);
    if (suite === JCS) await checkSignature(document, ours[0], key, signature);
  }
  const [key] = proofs.some((proof) => isOf(proof, JCS)) ? keys.values() : [null];
  return { key, ignored };
}

/** @type {(proof: JsonObject, suite: string) => boolean} */
const isOf = ({ type, cryptosuite }, suite) => type === TYPE && cryptosuite === suite;

/** @type {(proof: JsonObject) => string} */
function nameOf({ type, cryptosuite }) {
  const name = type === TYPE ? cryptosuite : type;
  demand(typeof name === "string" && NAME.test(name), "a proof does not say what it is");
  return name;
}

// The signature of a proof of a known suite. Throws for one that demands what is not checked.
/** @type {(proof: JsonObject) => Bytes} */
function checkForm(proof) {
  const names = Object.keys(proof);
  const known = /** @type {string[]} */ (KNOWN.get(/** @type {string} */ (proof.cryptosuite)));
  const right = NEEDED.every((name) => names.includes(name)) && names.every((name) => known.includes(name));
  demand(right, "the proof has members that are not known, or lacks some");
  demand(proof.proofPurpose === "assertionMethod", "the proof was made for another purpose");
  const named = typeof proof.verificationMethod === "string" && typeof (proof.id ?? "") === "string";
  demand(named && proof.id !== null, "the proof does not name its verification method");
  const timed = !names.includes("created") || isStamp(proof.created);
  demand(timed, "the proof's time is no dateTimeStamp");
  // No clock is asked: the verdict of a file is the same on every day.
  const expires = names.includes("expires");
  demand(!expires, "the proof has expired, or nobody says what time it is");
  return signatureOf(proof.proofValue);
}

// Throws unless the signature of a proof by eddsa-jcs-2022 is by an Ed25519 key (32 bytes).
/** @type {(document: JsonObject, proof: JsonObject, key: Bytes, signature: Bytes) => Promise<void>} */
async function checkSignature(document, proof, key, signature) {
  const signed = { ...document };
  if (hasOwn(proof, "@context")) {
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
