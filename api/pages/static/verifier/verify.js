// One way in: the bytes of a proof file → {verdict, checks: [{name, ok, reason}], facts}.
import { FORMAT as ACCOUNT, verifyAccount } from "./account.js";
import { CHECKS, verifyBundle } from "./bundle.js";
import { isCredential, verifyCertificate } from "./certificate.js";
import { Refused, Run } from "./checks.js";
import { inflated } from "./inflate.js";
import { parseJson } from "./json.js";
import { FORMAT as TRANSCRIPT, verifyTranscript } from "./transcript.js";

export const FILE_BYTES_MAX = 32 * 1024 * 1024;
// What other programs check: of these files nothing is said here, least of all that they are invalid.
const ELSEWHERE = ["hourledger-credit-report/v1", "hourledger-disclosure/v1", "hourledger-attestation/v1"];
const VERIFIERS = new Map([
  [ACCOUNT, verifyAccount],
  [TRANSCRIPT, verifyTranscript],
]);

// `chain` asks about one anchor (chain.js), or is null; with `trusted`, a ledger id, only that
// ledger's proofs hold.
export async function verifyBytes(bytes, chain = null, trusted = null) {
  let value;
  try {
    const data = await unpacked(bytes);
    if (isElsewhere(data)) return notHere();
    value = parseJson(data, FILE_BYTES_MAX);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const run = new Run(CHECKS);
    run.note("format", false, error.message);
    return run.report("invalid");
  }
  if (isCredential(value)) return verifyCertificate(value, chain, trusted);
  return (VERIFIERS.get(value?.format) ?? verifyBundle)(value, chain, trusted);
}

// By how it begins: a credit report is many lines, and may be longer than a page can hold.
function isElsewhere(data) {
  const begin = new TextDecoder().decode(data.subarray(0, 60));
  return ELSEWHERE.some((format) => begin.startsWith(`{"format":"${format}",`));
}

function notHere() {
  const run = new Run(CHECKS);
  run.note("format", null, "this page does not check files of this kind: hourledger verify does");
  return run.report("unchecked");
}

// A file may be packed with gzip (RFC 1952).
async function unpacked(bytes) {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  const found = await inflated(bytes, FILE_BYTES_MAX, "gzip");
  // The last four bytes state the size of what was packed, so nothing can follow it unseen.
  const size = bytes.length < 4 ? -1 : new DataView(bytes.buffer, bytes.byteOffset + bytes.length - 4).getUint32(0, true);
  if (found === null || found.length !== size) throw new Refused("NOT_JSON", "gzip");
  return found;
}
