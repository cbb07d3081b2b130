// One way in: the bytes of a proof file → {verdict, document, checks: [{name, ok, reason}],
// facts}; `document` is the kind of document, null where the file could not be read as one.
import { FORMAT as ACCOUNT, verifyAccount } from "./account.js";
import { CHECKS, FORMAT as BUNDLE, verifyBundle } from "./bundle.js";
import { verifyCertificate } from "./certificate.js";
import { Refused, Run } from "./checks.js";
import { CREDENTIAL, readFile, REPORT } from "./proof_file.js";
import { FORMAT as TRANSCRIPT, verifyTranscript } from "./transcript.js";
import { FOREIGN, NEWER, noProof, Unreadable } from "./unreadable.js";

// Form → verifier of the file's JSON value. Of the forms that other programs check nothing is said here,
// least of all that they are invalid.
/** @type {Map<string, (value: any, chain: any, trusted: any) => any>} */
const VERIFIERS = new Map([
  [BUNDLE, verifyBundle],
  [ACCOUNT, verifyAccount],
  [TRANSCRIPT, verifyTranscript],
  [CREDENTIAL, verifyCertificate],
  [REPORT, notHere("credit_report")],
  ["hourledger-disclosure/v1", notHere("disclosure")],
  ["hourledger-attestation/v1", notHere("attestation")],
]);

// `chain` asks about one anchor (chain.js), or is null; with `trusted`, a ledger id, only that
// ledger's proofs hold.
export async function verifyBytes(bytes, chain = null, trusted = null) {
  return (await verifyFile(bytes, chain, trusted)).report;
}

// {report, value}: the report, and the JSON value that it is about; null where none could be read.
export async function verifyFile(bytes, chain = null, trusted = null) {
  try {
    const { form, value } = readFile(bytes);
    const verifier = VERIFIERS.get(form);
    if (!verifier) throw noProof(form.startsWith("hourledger-") ? NEWER : FOREIGN);
    return { report: await verifier(value, chain, trusted), value };
  } catch (error) {
    if (error instanceof Unreadable) return { report: error.report(), value: null };
    if (!(error instanceof Refused)) throw error;
    const run = new Run(CHECKS);
    run.note("format", false, error.message);
    return { report: run.report("invalid"), value: null };
  }
}

function notHere(document) {
  return async () => {
    const run = new Run(CHECKS, document);
    run.note("format", null, "this page does not check files of this kind: hourledger verify does");
    return run.report("unchecked");
  };
}
