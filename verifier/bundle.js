// The proof bundle of one record (docs/spec/proofs.md): ten checks, one verdict.
//
//     1 format      the file is a bundle, every value in its one spelling
//     2 signatures  every signature recovers to the address that claims it
//     3 roles       the signers are those whom the kind of record demands
//     4 leaf        the proof's index is the entry's own
//     5 inclusion   the record and all that stands behind it lead to the checkpoint's root
//     6 checkpoint  the log key of the newest charter signed that root
//     7 anchor      a chain holds that root for that size
//     8 times       served, signed, accepted, sealed and anchored in this order
//     9 issuer      an authority certified the organisation for the time of the service
//    10 status      the state tree under that root says: recorded, disputed, amended or void
import { askChain } from "./anchor.js";
import { basisRecords, parseBasis } from "./basis.js";
import { changed } from "./changes.js";
import { demand, ProofError, Run, verdictOf } from "./checks.js";
import { factsOf } from "./facts.js";
import { isObject } from "./json.js";
import { checkBatch, stateUnder, UNSIGNED } from "./log_checks.js";
import { openDocument } from "./opening.js";
import { parseAnchors, parseBase64, parseEntries, parseHashes, parseProven } from "./parts.js";
import { checkEntry, recordId } from "./records.js";
import { checkSignatures } from "./signatures.js";
import { checkIssuer, checkRoles, issuerOf, lateOf, othersOf } from "./signers.js";
import { checkTakenForm, isTaken, restsOf, takenLeaves } from "./standing.js";
import { checkLeaves, statusLeaves } from "./statuses.js";
import { checkTimes } from "./times.js";
import { checkStated, told } from "./totals.js";

/**
 * @import {
 *   Behind, Bundle, Chain, Head, LedgerRecord, Outcome, Report, Status, Told
 * } from "./shapes.d.ts"
 */

export const FORMAT = "hourledger-proof/v1";
export const CHECKS = [
  "format",
  "signatures",
  "roles",
  "leaf",
  "inclusion",
  "checkpoint",
  "anchor",
  "times",
  "issuer",
  "status",
];
const FIELDS = [
  "format",
  "genesis",
  "charters",
  "record",
  "certification",
  "delegations",
  "basis",
  "change",
  "standing",
  "seal",
  "path",
  "anchors",
];
const DELEGATIONS_MAX = 6;
const PATH_MAX = 1024;

// The bundle with its proof, path and steps as bytes; everything else stays as it is spelled.
/** @type {(value: unknown) => Bundle} */
function parse(value) {
  const right = isObject(value, FIELDS) && value.format === FORMAT;
  demand(right, `not a bundle of the form ${FORMAT}`);
  const record = parseProven(value.record);
  demand(record !== null, "the record is needed");
  for (const name of ["certification", "change", "seal"]) {
    if (value[name] !== null) checkEntry(value[name]);
  }
  parseEntries(value.delegations, "delegations", DELEGATIONS_MAX);
  parseBasis(value.basis);
  const path = parseHashes(value.path, PATH_MAX);
  const standing = value.standing === null ? null : parseStanding(value.standing);
  return /** @type {Bundle} */ ({ ...value, record, path, standing, anchors: parseAnchors(value.anchors) });
}

/** @type {(value: unknown) => Bundle["standing"]} */
function parseStanding(value) {
  const right = isObject(value, ["organisation", "revoked", "status", "proof"]);
  demand(right, "organisation, revoked, status and proof are needed");
  checkTakenForm(value);
  checkStated(value.status);
  return { ...value, status: value.status, proof: parseBase64(value.proof, "proof") };
}

// `chain` asks about one anchor (chain.js).
/** @type {(value: unknown, chain: Chain | null) => Promise<Report>} */
export async function verifyBundle(value, chain) {
  const run = new Run(CHECKS, "record");
  const opened = await openDocument(run, value, parse, "bundle");
  if ("report" in opened) return opened.report;
  const { file: bundle, ledger } = opened;
  await run.make("signatures", () => checkSignatures(ledger, recordsOf(bundle)));
  await run.make("roles", () => checkRoles(bundle, ledger));
  await run.make("issuer", () => checkIssuer(bundle));
  const head = await checkBatch(run, bundle.root, bundle.record, behind(bundle));
  const finding = await askChain(run, bundle.anchors, bundle.root, ledger, head, chain);
  await run.make("times", () => checkBundleTimes(bundle, finding));
  const status = await statusOf(run, bundle, ledger, head);
  const verdict = verdictOf(run.all(), bundle.anchors, finding, status);
  if (verdict === "invalid") return run.report(verdict);
  const anchoredAt = finding?.blockTime ?? null;
  return run.report(verdict, factsOf(bundle, ledger, head, anchoredAt, await isRevoked(bundle)));
}

/** @type {(bundle: Bundle) => LedgerRecord[]} */
function recordsOf(bundle) {
  const { entry } = bundle.record;
  const entries = [entry, ...othersOf(bundle), ...(bundle.seal === null ? [] : [bundle.seal])];
  return [...entries.map((shown) => shown.record), ...basisRecords(bundle)];
}

/** @type {(bundle: Bundle) => Behind} */
function behind(bundle) {
  const { certification, seal, path, standing } = bundle;
  const firm = certification === null ? [] : [certification];
  return { seal, firm, late: lateOf(bundle), path, stated: standing !== null };
}

/** @type {(bundle: Bundle, finding: Outcome | null) => string} */
function checkBundleTimes(bundle, finding) {
  const {
    genesis,
    seal,
    record: { entry },
  } = bundle;
  /** @type {[LedgerRecord, number][]} */
  const beside = basisRecords(bundle).map((record) => [record, entry.accepted_at]);
  return checkTimes(genesis, [entry, ...othersOf(bundle)], seal, finding, beside);
}

// The word of the check `status`, or null where it could not be made or failed.
/** @type {(run: Run, bundle: Bundle, ledger: string, head: Head | null) => Promise<Status | null>} */
async function statusOf(run, bundle, ledger, head) {
  const unsealed = bundle.record.proof === null && bundle.standing === null && bundle.seal === null;
  if (unsealed && bundle.change === null) {
    run.note("status", null, UNSIGNED);
    return null;
  }
  const id = recordId(ledger, bundle.record.entry.record);
  /** @type {Status | null} */
  let found = null;
  await run.make("status", async () => {
    const stated = unsealed ? told(null) : await provedStatus(bundle, ledger, head);
    const revoked = await isRevoked(bundle);
    const word = changed(bundle.record.entry, bundle.change, ledger, id, stated, head?.size ?? 0);
    found = revoked && word === "recorded" ? "disputed" : word;
    return statusReason(bundle, stated.status, word, revoked);
  });
  return found;
}

/** @type {(bundle: Bundle, ledger: string, head: Head | null) => Promise<Told>} */
async function provedStatus(bundle, ledger, head) {
  const { record, standing, seal } = bundle;
  if (standing === null || seal === null || head === null) throw new ProofError("the status is not proved");
  const { state_root: root } = await stateUnder(bundle.root, seal, head);
  const { wanted } = await takenLeaves(issuerOf(record.entry.record), await restsOf(bundle), standing);
  wanted.push(...(await statusLeaves(ledger, [record.entry], [standing.status])));
  await checkLeaves(root, wanted, standing.proof);
  return told(standing.status);
}

// Whether something was taken back of what the record rests on.
/** @type {(bundle: Bundle) => Promise<boolean>} */
async function isRevoked(bundle) {
  if (bundle.standing === null) return false;
  const rests = await restsOf(bundle);
  const { pairs } = await takenLeaves(issuerOf(bundle.record.entry.record), rests, bundle.standing);
  return isTaken(pairs, rests);
}

/** @type {(bundle: Bundle, stated: Status, word: Status, revoked: boolean) => string} */
function statusReason({ seal }, stated, word, revoked) {
  const since = word === stated ? "" : `; ${word} since by what its signers say`;
  const reason =
    seal?.record.kind === "seal"
      ? `${stated} as of batch ${seal.record.body.batch}${since}`
      : `${word} by what the signers say; ${UNSIGNED}`;
  return reason + (revoked ? "; entered with a key that was revoked from before then on" : "");
}
