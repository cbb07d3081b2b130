// A certificate: what a credential states of hours, against the ledger's proof that it carries
// (docs/spec/certificates.md). Twelve checks, in the order of CHECKS; one verdict.
import { askChain } from "./anchor.js";
import { hex, sha256, unhex } from "./bytes.js";
import { certificateFacts } from "./certificate_facts.js";
import { checkRows } from "./certificate_rows.js";
import { changed, FINAL, targetOf } from "./changes.js";
import { demand, parsed, ProofError, Run, verdictOf } from "./checks.js";
import { ledgerProofOf, readCredential } from "./credential.js";
import { domainOf } from "./credential_writing.js";
import { isHash, ZERO_HASH } from "./fields.js";
import { isObject } from "./json.js";
import { checkBatch, stateUnder, UNSIGNED } from "./log_checks.js";
import { openDocument } from "./opening.js";
import { parseAnchors, parseBase64, parseEntries, parseHashes, parseProven } from "./parts.js";
import { checkEntry, recordId } from "./records.js";
import { checkSignatures } from "./signatures.js";
import { certifiedName, checkSigners, issuerOf } from "./signers.js";
import { checkTakenForm, entryRests, issuerRest, isTaken, takenLeaves } from "./standing.js";
import { checkLeaves, statusLeaves } from "./statuses.js";
import { checkTimes } from "./times.js";
import { checkStated, STATES, told } from "./totals.js";

/**
 * @import {
 *   Behind, Certificate, CertificateProof, Chain, Claims, Entry, Found, Head, JsonObject, Part, Report, Rest,
 *   Stated, Told
 * } from "./shapes.d.ts"
 */

const FORMAT = "hourledger-certificate/v1";
export const CHECKS = [
  ...["format", "credential", "signatures", "roles", "leaf", "inclusion", "checkpoint", "anchor"],
  ...["times", "issuer", "rows", "status"],
];
const FIELDS = [
  ...["format", "genesis", "charters", "salt", "certificate", "services", "activities", "issuer_key"],
  ...["certifications", "delegations", "changes", "standing", "seal", "path", "anchors"],
];
const SERVICES_MAX = 1000;
const BEHIND_MAX = 64;

/** @type {(value: unknown) => CertificateProof} */
function parse(value) {
  demand(isObject(value, FIELDS) && value.format === FORMAT, `not a proof of the form ${FORMAT}`);
  const certificate = parseProven(value.certificate);
  const opened = certificate !== null && isHash(value.salt);
  demand(opened, "the certificate and a salt of 32 bytes are needed");
  for (const name of ["services", "activities"]) parseEntries(value[name], name, SERVICES_MAX);
  for (const name of ["certifications", "delegations"]) parseEntries(value[name], name, BEHIND_MAX);
  parseEntries(value.changes, "changes", SERVICES_MAX + 1);
  checkEntry(value.issuer_key);
  if (value.seal !== null) checkEntry(value.seal);
  const path = parseHashes(value.path, 64 * SERVICES_MAX);
  const standing = value.standing === null ? null : parseStanding(value.standing);
  return /** @type {CertificateProof} */ (
    /** @type {unknown} */ ({ ...value, certificate, path, standing, anchors: parseAnchors(value.anchors) })
  );
}

/** @type {(value: unknown) => CertificateProof["standing"]} */
function parseStanding(value) {
  const right = isObject(value, ["organisation", "revoked", "statuses", "proof"]);
  demand(right, "organisation, revoked, statuses and proof are needed");
  checkTakenForm(value);
  const list = Array.isArray(value.statuses) && value.statuses.length <= SERVICES_MAX + 1;
  demand(list, `statuses are a list of at most ${SERVICES_MAX + 1}`);
  /** @type {unknown[]} */ (value.statuses).forEach(checkStated);
  const statuses = /** @type {(Stated | null)[]} */ (value.statuses);
  return { ...value, statuses, proof: parseBase64(value.proof, "proof") };
}

// What has a status: the certificate, then its services.
/** @type {(proof: CertificateProof) => Entry[]} */
const partsOf = ({ certificate: { entry }, services }) => [entry, ...services];
// All entries but the certificate's that must be in the log; and those that may be newer than the checkpoint: a grant that is so serves no entry older than itself.
/** @type {(proof: CertificateProof) => Entry[]} */
const firmOf = ({ services, activities, issuer_key: key, certifications }) => [
  ...services,
  ...activities,
  key,
  ...certifications,
];
/** @type {(proof: CertificateProof) => Entry[]} */
const lateOf = ({ delegations, changes }) => [...delegations, ...changes];

// `chain` as of a bundle.
/** @type {(document: JsonObject, chain: Chain | null) => Promise<Report>} */
export async function verifyCertificate(document, chain) {
  const run = new Run(CHECKS, "certificate");
  /** @type {unknown} */
  let carried;
  const taken = () => {
    carried = parsed(() => ledgerProofOf(document));
    return "";
  };
  if (!(await run.make("format", taken))) return run.report("invalid");
  const opened = await openDocument(run, carried, parse, "proof", "a proof of a certificate");
  if ("report" in opened) return opened.report;
  const { file: proof, ledger } = opened;
  let claims;
  try {
    claims = await readCredential(document);
  } catch (error) {
    if (!(error instanceof ProofError)) throw error;
    run.note(error.check ?? "format", false, error.message);
    return run.report("invalid");
  }
  const held = await run.make("credential", () => checkCredential(proof, claims, ledger));
  if (held && claims.key === null) {
    const suites = claims.ignored.join(", ");
    run.note("credential", null, `it is signed in no way that is known here, but by ${suites}`);
  }
  await run.make("signatures", () => signatures(proof, ledger));
  await run.make("roles", () => {
    const entries = [proof.certificate.entry, ...firmOf(proof), ...lateOf(proof)];
    /** @type {Part[]} */
    const parts = entries.map((entry) => [entry.record, entry.index, entry.accepted_at]);
    checkSigners(proof, parts, changesOf(proof, ledger));
    return "every record is signed as its kind demands";
  });
  await run.make("issuer", () => {
    const name = nameFor(proof, proof.certificate.entry);
    proof.services.forEach((entry) => nameFor(proof, entry));
    return `${name} was certified then, and for the time of every service`;
  });
  await run.make("rows", () => checkRows(proof, bodyOf(proof), claims.rows, ledger));
  const head = await checkBatch(run, proof.root, proof.certificate, behind(proof));
  const finding = await askChain(run, proof.anchors, proof.root, ledger, head, chain);
  const shown = [proof.certificate.entry, ...firmOf(proof), ...lateOf(proof)];
  await run.make("times", () => checkTimes(proof.genesis, shown, proof.seal, finding));
  /** @type {Found[]} */
  const found = [];
  if (head === null && proof.changes.length === 0) run.note("status", null, UNSIGNED);
  else await run.make("status", () => findStatuses(proof, ledger, head, found));
  const worst = worstOf(found);
  const verdict = verdictOf(run.all(), proof.anchors, finding, worst?.word ?? null);
  if (verdict === "invalid") return run.report(verdict);
  const anchoredAt = finding?.blockTime ?? null;
  return run.report(verdict, certificateFacts(proof, bodyOf(proof), ledger, found, worst, anchoredAt));
}

// [part that has changed, what changed it].
/** @type {(proof: CertificateProof, ledger: string) => [Entry, Entry][]} */
function changesOf(proof, ledger) {
  if (proof.changes.length === 0) return [];
  const changes = new Map(proof.changes.map((change) => [targetOf(change.record), change]));
  const named = partsOf(proof).map((entry) => [entry, changes.get(recordId(ledger, entry.record))]);
  return /** @type {[Entry, Entry][]} */ (named.filter(([, change]) => change !== undefined));
}

// What the verdict rests on: a certificate that was taken back or replaced, whatever became of its
// services; else the gravest of all.
/** @type {(found: Found[]) => Found | null} */
function worstOf(found) {
  if (FINAL.includes(found[0]?.word)) return found[0];
  const gravest = STATES.slice(1)
    .reverse()
    .map((word) => found.find((one) => one.word === word));
  return gravest.find((one) => one !== undefined) ?? null;
}

/** @type {(proof: CertificateProof) => Certificate} */
function bodyOf({ certificate: { entry } }) {
  demand(entry.record.kind === "certificate", "the record is no certificate");
  return entry.record.body;
}

/** @type {(proof: CertificateProof, claims: Claims, ledger: string) => Promise<string>} */
async function checkCredential(proof, claims, ledger) {
  const { entry } = proof.certificate;
  const body = bodyOf(proof);
  const {
    index,
    record: { kind, body: bound },
  } = proof.issuer_key;
  const binds =
    kind === "issuer_key" &&
    bound.action === "bind" &&
    bound.organisation === body.organisation &&
    bound.valid_from <= body.issued_at &&
    (bound.valid_until === 0 || body.issued_at < bound.valid_until);
  demand(binds && index < entry.index, "no key of the organisation is shown to be bound then");
  const ours = claims.key === null || bound.public_key === claims.key;
  demand(ours, "the key that signed it is not the organisation's");
  const domain = domainOf(claims);
  const right = domain === "" || domain === bound.domain;
  demand(right, "the key was bound for another domain than the issuer's");
  const pairs = [
    [claims.ledger, ledger],
    [claims.ledgerName, proof.genesis.name],
    [claims.organisation, body.organisation],
    [claims.holder, body.volunteer],
    [claims.number, body.number],
    [claims.servedFrom, body.served_from],
    [claims.servedUntil, body.served_until],
    [claims.issuedAt, body.issued_at],
    [claims.supersedes ?? ZERO_HASH, body.supersedes],
  ];
  const same = pairs.every(([stated, recorded]) => stated === recorded);
  demand(same, "the credential states other things than the record");
  const committed = hex(await sha256(unhex(proof.salt), claims.document)) === body.credential;
  demand(committed, "the record commits to another credential");
  const named = nameFor(proof, entry) === claims.organisationName;
  demand(named, "the organisation was certified under another name");
  const unchecked = claims.ignored.map((suite, at) => (at ? `, ${suite}` : `; not checked here: ${suite}`));
  return `${claims.organisationName} signed it, and recorded it as number ${body.number}${unchecked.join("")}`;
}

// The name in the first certification shown that covers an entry.
/** @type {(proof: CertificateProof, entry: Entry) => string} */
function nameFor({ certifications }, entry) {
  let reason = new ProofError("the organisation's certification is missing");
  for (const certification of certifications) {
    try {
      return certifiedName(entry, certification);
    } catch (error) {
      reason = /** @type {ProofError} */ (error);
    }
  }
  throw reason;
}

/** @type {(proof: CertificateProof, ledger: string) => Promise<string>} */
function signatures(proof, ledger) {
  const seal = proof.seal === null ? [] : [proof.seal];
  const entries = [proof.certificate.entry, ...firmOf(proof), ...lateOf(proof), ...seal];
  return checkSignatures(
    ledger,
    entries.map((entry) => entry.record),
  );
}

/** @type {(proof: CertificateProof) => Behind} */
function behind(proof) {
  const { seal, path, standing } = proof;
  return { seal, firm: firmOf(proof), late: lateOf(proof), path, stated: standing !== null };
}

// Adds to `found` what became of the certificate and of each service: {word, entry, change}.
/** @type {(proof: CertificateProof, ledger: string, head: Head | null, found: Found[]) => Promise<string>} */
async function findStatuses(proof, ledger, head, found) {
  const entries = partsOf(proof);
  const ids = entries.map((entry) => recordId(ledger, entry.record));
  const stated = await provedStatuses(proof, ledger, head);
  const used = new Set();
  /** @type {(shown: Entry) => Set<number>} */
  const use = (shown) => used.add(shown.index);
  const changes = new Map(proof.changes.map((change) => [targetOf(change.record), change]));
  demand(changes.size === proof.changes.length, "two changes of one record are shown");
  for (const [at, entry] of entries.entries()) {
    const id = ids[at];
    const change = changes.get(id) ?? null;
    if (change !== null) use(change);
    const { status, revoked } = stated[at];
    const word = changed(entry, change, ledger, id, status, head?.size ?? 0);
    found.push({ word: revoked && word === "recorded" ? "disputed" : word, entry, change, revoked });
  }
  const all = new Set(proof.changes.map(({ index }) => index));
  const none = used.size === all.size && [...all].every((index) => used.has(index));
  demand(none, "the proof carries a change that concerns no part of it");
  const batch = proof.seal?.record.kind === "seal" ? proof.seal.record.body.batch : null;
  const asOf = batch === null ? `by what the signers say; ${UNSIGNED}` : `as of batch ${batch}`;
  return `${[...new Set(found.map(({ word }) => word))].join(", ")} ${asOf}`;
}

// The status of each part, and whether something that it rests on was taken back.
/**
 * @type {(
 *   proof: CertificateProof, ledger: string, head: Head | null,
 * ) => Promise<{ status: Told, revoked: boolean }[]>}
 */
async function provedStatuses(proof, ledger, head) {
  const { certificate, standing, seal } = proof;
  const parts = partsOf(proof);
  if (head === null && standing === null) return parts.map(() => ({ status: told(null), revoked: false }));
  demand(standing !== null && seal !== null && head !== null, "the statuses are not proved");
  const { state_root: root } = await stateUnder(proof.root, seal, head);
  demand(standing.statuses.length === parts.length, "a status for each record is needed");
  /** @type {Rest[][]} */
  const rests = [];
  for (const entry of parts) rests.push(await entryRests(proof.root, entry));
  rests[0].push(await issuerRest(certificate.entry, proof.issuer_key));
  const organisation = issuerOf(certificate.entry.record);
  const { wanted, pairs } = await takenLeaves(organisation, rests.flat(), standing);
  wanted.push(...(await statusLeaves(ledger, parts, standing.statuses)));
  await checkLeaves(root, wanted, standing.proof);
  return standing.statuses.map((stated, at) => ({
    status: told(stated),
    revoked: isTaken(pairs, rests[at]),
  }));
}
