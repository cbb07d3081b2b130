// One way in: the bytes of a proof file → {verdict, document, checks: [{name, ok, reason}], facts, within,
// head}; `document` is the kind of document, null where the file could not be read as one.
import { FORMAT as ACCOUNT, verifyAccount } from "./account.js";
import { CHECKS, FORMAT as BUNDLE, verifyBundle } from "./bundle.js";
import { verifyCertificate } from "./certificate.js";
import { Refused, Run } from "./checks.js";
import { CREDENTIAL, readFile, REPORT } from "./proof_file.js";
import { nobody, withLedger } from "./pinned.js";
import { FORMAT as RECEIPT, verifyReceipt } from "./receipt.js";
import { FORMAT as TRANSCRIPT, verifyTranscript } from "./transcript.js";
import { FOREIGN, NEWER, noProof, NOT_HERE, Unreadable } from "./unreadable.js";

export { only } from "./pinned.js";

/** @import { Bytes, Chain, JsonObject, Pins, Report } from "./shapes.d.ts" */

// Form → verifier of the file's JSON value. Of the forms that other programs check nothing is said here,
// least of all that they are invalid.
/** @typedef {(value: JsonObject, chain: Chain | null, now: number | null) => Promise<Report>} Verifier */
/** @type {Map<string, Verifier>} */
const VERIFIERS = new Map(
  /** @type {[string, Verifier][]} */ ([
    [BUNDLE, verifyBundle],
    [ACCOUNT, verifyAccount],
    [TRANSCRIPT, verifyTranscript],
    [CREDENTIAL, verifyCertificate],
    [RECEIPT, verifyReceipt],
    [REPORT, notHere("credit_report")],
    ["hourledger-disclosure/v1", notHere("disclosure")],
    ["hourledger-attestation/v1", notHere("attestation")],
  ]),
);

// `chain` asks about one anchor (chain.js), or is null; `pins` names ledgers, as `only(id)` does: without,
// every file is unpinned at best; `now`, Unix seconds, is what a receipt is judged by.
/** @type {(bytes: Bytes, chain?: Chain | null, pins?: Pins, now?: number | null) => Promise<Report>} */
export async function verifyBytes(bytes, chain = null, pins = nobody, now = null) {
  return (await verifyFile(bytes, chain, pins, now)).report;
}

// {report, value}: the report, and the JSON value that it is about; null where none could be read.
/**
 * @type {(
 *   bytes: Bytes, chain?: Chain | null, pins?: Pins, now?: number | null,
 * ) => Promise<{ report: Report, value: unknown }>}
 */
export async function verifyFile(bytes, chain = null, pins = nobody, now = null) {
  try {
    const { form, value } = readFile(bytes);
    const verifier = VERIFIERS.get(form);
    if (!verifier) throw noProof(form.startsWith("hourledger-") ? NEWER : FOREIGN);
    const report = await verifier(/** @type {JsonObject} */ (value), chain, now);
    return { report: withLedger(report, pins), value };
  } catch (error) {
    if (error instanceof Unreadable) return { report: error.report(), value: null };
    if (!(error instanceof Refused)) throw error;
    const run = new Run(CHECKS);
    run.note("format", false, error.message);
    return { report: run.report("invalid"), value: null };
  }
}

/** @type {(document: string) => () => Promise<Report>} */
function notHere(document) {
  return async () => {
    const run = new Run(CHECKS, document);
    run.note("format", null, NOT_HERE);
    return run.report("unchecked");
  };
}
