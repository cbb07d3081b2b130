// The transcript of an account (docs/spec/proofs.md): that these are all its entries between two
// batches, and what became of its services. Eleven checks, in the order of CHECKS.
import { askChain } from "./anchor.js";
import { charterAt, checkSealed } from "./charters.js";
import { hex, unhex } from "./bytes.js";
import { brings, FINAL, targetOf } from "./changes.js";
import { demand, ProofError, Run, verdictOf } from "./checks.js";
import { asOf, ledgerFact } from "./facts.js";
import { checkAddress, checkInteger, ZERO_HASH } from "./fields.js";
import { isObject } from "./json.js";
import { checkLog, demandAllIncluded, demandLast } from "./log_checks.js";
import { chained } from "./merkle.js";
import { checkMany } from "./multiproof.js";
import { openDocument } from "./opening.js";
import { parseAnchors, parseBase64, parseEntries, parseHashes, parseProven } from "./parts.js";
import { checkEntry, leafOf, recordId, serviceOf } from "./records.js";
import { checkSignatures } from "./signatures.js";
import { delegated } from "./signers.js";
import { checkCreditTime, checkTimes } from "./times.js";
import {
  accountName,
  checkMinted,
  checkStated,
  checkTotals,
  statusName,
  statusValue,
  told,
  totalsValue,
} from "./totals.js";
import { unshownGrants } from "./transcript_signers.js";
import { checkSums } from "./transcript_sums.js";

/**
 * @import {
 *   Batch, Chain, Entry, Facts, Head, LedgerRecord, Nothing, Outcome, OwnService, Report, Service, Shown,
 *   Told, Transcript, Wanted
 * } from "./shapes.d.ts"
 */

export const FORMAT = "hourledger-transcript/v1";
const CHECKS = [
  ...["format", "signatures", "roles", "leaf", "inclusion", "checkpoint", "anchor", "times", "state"],
  ...["completeness", "sums"],
];
const FIELDS = [
  ...[
    "format",
    "genesis",
    "charters",
    "account",
    "from",
    "to",
    "before",
    "after",
    "entries",
    "statuses",
    "held_by",
  ],
  ...["path", "anchors"],
];
const STATE = /** @type {const} */ (["seal", "totals", "opening", "proof"]);
const ENTRIES_MAX = 20_000;
const MARGIN_SECONDS = 3600;

/** @type {(value: unknown) => Transcript} */
function parse(value) {
  demand(isObject(value, FIELDS) && value.format === FORMAT, `not a transcript of the form ${FORMAT}`);
  const { before, after } = value;
  const later = isObject(after, STATE);
  demand(later, "seal, totals, opening and proof of the later batch are needed");
  const proven = parseProven(after.seal);
  demand(proven !== null && proven.proof !== null, "the later seal with its proof is needed");
  const earlier = before === null || isObject(before, STATE);
  demand(earlier, "seal, totals, opening and proof of the earlier batch are needed");
  demand(
    /** @type {unknown[]} */ (["paths", "chain"]).includes(value.held_by),
    "the entries are held by paths or by the chain",
  );
  checkAddress(value.account, "account");
  checkInteger(value.from, "from");
  checkInteger(value.to, "to");
  if (before !== null) checkEntry(before.seal);
  const states = {
    before: before && parseState(/** @type {Entry} */ (before.seal), before),
    after: parseState(proven.entry, after),
  };
  parseEntries(value.entries, "entries", ENTRIES_MAX);
  const list = Array.isArray(value.statuses) && value.statuses.length <= ENTRIES_MAX;
  demand(list, `statuses are a list of at most ${ENTRIES_MAX}`);
  /** @type {unknown[]} */ (value.statuses).forEach(checkStated);
  const path = parseHashes(value.path, 64 * ENTRIES_MAX);
  return /** @type {Transcript} */ ({
    ...value,
    ...states,
    proven: /** @type {Shown} */ (proven),
    path,
    anchors: parseAnchors(value.anchors),
  });
}

/** @type {(seal: Entry, state: { totals: unknown, opening: unknown, proof: unknown }) => Batch} */
function parseState(seal, { totals, opening, proof }) {
  checkTotals(totals, opening);
  return /** @type {Batch} */ ({ seal, totals, opening, proof: parseBase64(proof, "proof") });
}

// `chain` as of a bundle.
/** @type {(value: unknown, chain: Chain | null) => Promise<Report>} */
export async function verifyTranscript(value, chain) {
  const run = new Run(CHECKS, "transcript");
  const opened = await openDocument(run, value, parse, "transcript");
  if ("report" in opened) return opened.report;
  const { file, ledger } = opened;
  const records = file.entries.map((entry) => entry.record);
  await run.make("signatures", () =>
    checkSignatures(ledger, [...records, ...sealsOf(file).map((seal) => seal.record)]),
  );
  const ids = records.map((record) => recordId(ledger, record));
  /** @type {number[]} */
  let unshown = [];
  await run.make("roles", () => {
    unshown = unshownGrants(file, ids);
    sealsOf(file).forEach((seal) =>
      delegated(charterAt(file.root, seal.index), seal.record, seal.accepted_at),
    );
    const count = sum(unshown);
    const unseen = count > 0 ? `; ${count} signatures rest on grants that are not shown here` : "";
    return `every record is signed as its kind demands${unseen}`;
  });
  const head = await checkLog(run, file.root, file.proven, (found) => checkShown(file, found));
  const finding = await askChain(run, file.anchors, file.root, ledger, head, chain);
  await run.make("times", () => checkFileTimes(file, finding));
  if (await run.make("state", () => checkState(file, head, ids))) {
    await run.make("sums", () => checkSums(file, ownServices(file, ids), ids));
  }
  await run.make("completeness", () => checkCompleteness(file, ids));
  const verdict = verdictOf(run.all(), file.anchors, finding);
  return run.report(verdict, verdict === "invalid" ? {} : facts(file, ledger, ids, unshown, finding));
}

/** @type {(counts: number[]) => number} */
const sum = (counts) => counts.reduce((total, count) => total + count, 0);
/** @type {(file: Transcript) => Entry[]} */
const sealsOf = ({ before, after }) => [...(before === null ? [] : [before.seal]), after.seal];

/** @type {(file: Transcript, finding: Outcome | null) => string} */
function checkFileTimes(file, finding) {
  const { genesis, before, after, entries } = file;
  for (const at of [before, after]) if (at !== null) checkCreditTime(genesis, at.seal, at.totals);
  return checkTimes(genesis, [...entries, ...sealsOf(file).slice(0, -1)], after.seal, finding);
}

/** @type {(file: Transcript, head: Head) => Promise<string>} */
async function checkShown(file, head) {
  const byPaths = file.held_by === "paths";
  const shown = [...(byPaths ? file.entries : []), ...sealsOf(file).slice(0, -1)];
  await demandAllIncluded(shown, file.path, head);
  const rest = byPaths ? "" : ", the others are held by the chain alone";
  return `${shown.length + 1} entries are in the log of ${head.size}${rest}`;
}

// {at, id, service, status, changed_by} of each service of the account itself, `at` the place of its
// entry.
/** @type {(file: Transcript, ids: string[]) => OwnService[]} */
function ownServices({ account, entries, statuses }, ids) {
  const own = entries
    .map((entry, at) => ({ at, id: ids[at], service: serviceOf(entry.record) }))
    .filter(({ service }) => service?.volunteer === account);
  demand(own.length === statuses.length, "a status for each service is needed");
  return /** @type {OwnService[]} */ (own.map((one, place) => ({ ...one, ...told(statuses[place]) })));
}

/** @type {(file: Transcript, head: Head | null, ids: string[]) => Promise<string>} */
async function checkState(file, head, ids) {
  const { genesis, account, before, after } = file;
  demandLast(after.seal, head);
  for (const seal of sealsOf(file)) await checkSealed(file.root, seal);
  const key = await accountName(account);
  /** @type {(at: Batch) => Promise<Wanted>} */
  const totals = async (at) => [key, await totalsValue(at.totals, at.opening)];
  if (before !== null) {
    demand(before.seal.index < after.seal.index, "the earlier batch is not the earlier one");
    await checkTree(before, [await totals(before)]);
    checkMinted(before.totals, genesis);
  }
  checkMinted(after.totals, genesis);
  const own = ownServices(file, ids);
  checkChanges(file, own, ids);
  /** @type {Wanted[]} */
  const statuses = [];
  for (const [place, { id }] of own.entries()) {
    statuses.push([await statusName(account, id), await statusValue(file.statuses[place])]);
  }
  await checkTree(after, [await totals(after), ...statuses]);
  const counted = `${own.length} services as of batch ${batchOf(after)}`;
  return `totals as of batch ${batchOf(before)} and of batch ${batchOf(after)}, ${counted}`;
}

// All that changed a service concerns the same account and came after it, so it is shown: what the
// entries make of each is its status.
/** @type {(file: Transcript, own: OwnService[], ids: string[]) => void} */
function checkChanges({ entries }, own, ids) {
  /** @type {Map<string | null, Told>} */
  const made = new Map();
  for (const [at, { record }] of entries.entries()) {
    const [target, word] = [targetOf(record), brings(record)];
    if (word === null || FINAL.includes(made.get(target)?.status)) continue;
    made.set(target, { status: word, changed_by: ids[at] });
  }
  for (const { id, status, changed_by: by } of own) {
    const { status: word, changed_by: cause } = made.get(id) ?? told(null);
    demand(status === word && by === cause, "the status of a service is not what the entries make of it");
  }
}

/** @type {(batch: Batch, wanted: Wanted[]) => Promise<void>} */
async function checkTree({ seal, proof }, wanted) {
  if (seal.record.kind !== "seal") throw new ProofError("the seal of a batch is needed");
  await checkMany(seal.record.body.state_root, wanted, proof);
}

/** @type {(at: Batch | null) => number} */
const batchOf = (at) => (at?.seal.record.kind === "seal" ? at.seal.record.body.batch : 0);

/** @type {(file: Transcript, ids: string[]) => Promise<string>} */
async function checkCompleteness({ from, before, after, entries }, ids) {
  demand(new Set(ids).size === ids.length, "the ledger takes a record once, and one is here twice");
  const { kind, body } = /** @type {LedgerRecord | Nothing} */ (before?.seal.record ?? {});
  const early = before === null || (kind === "seal" && body.sealed_at < from - MARGIN_SECONDS);
  demand(early, "the earlier batch was not sealed before the period");
  const indices = [before?.seal.index ?? -1, ...entries.map((entry) => entry.index), after.seal.index];
  const rise = indices.every((index, at) => at === 0 || indices[at - 1] < index);
  demand(rise, "the entries are not in the order of the log");
  let head = unhex(before?.totals?.head ?? ZERO_HASH);
  for (const entry of entries) head = await chained(head, await leafOf(entry));
  const [count, total] = [before?.totals?.entries ?? 0, after.totals?.entries ?? 0];
  const whole = count + entries.length === total && hex(head) === (after.totals?.head ?? ZERO_HASH);
  demand(whole, "an entry is left out, added or in another place");
  return `these ${entries.length} entries are all there are between the two batches`;
}

/**
 * @type {(
 *   file: Transcript, ledger: string, ids: string[], unshown: number[], finding: Outcome | null,
 * ) => Facts}
 */
function facts(file, ledger, ids, unshown, finding) {
  const { genesis, account, before, after, from, to } = file;
  const services = ownServices(file, ids)
    .filter(({ service }) => from <= service.started_at && service.started_at < to)
    .map(({ at, id, service, status, changed_by }) => ({
      record_id: id,
      status,
      changed_by,
      flags: file.entries[at].flags,
      hour_class: service.hour_class,
      minutes: service.minutes,
      started_at: service.started_at,
      ended_at: service.ended_at,
      organisation: service.organisation,
      activity: service.activity,
      delay_seconds: file.entries[at].accepted_at - service.ended_at,
      grants_not_shown: unshown[at],
    }));
  /** @type {(kind: Service["hour_class"]) => number} */
  const counted = (kind) =>
    services
      .filter(({ hour_class: of, status }) => of === kind && ["recorded", "disputed"].includes(status))
      .reduce((sum, { minutes }) => sum + minutes, 0);
  return {
    ledger: ledgerFact(genesis, ledger),
    account,
    period: { from, to },
    since_batch: batchOf(before),
    totals_before: before?.totals ?? null,
    totals: after.totals,
    entries: file.entries.length,
    held_by: file.held_by,
    grants_not_shown: sum(unshown),
    services,
    minutes: { credit: counted("credit"), honour: counted("honour") },
    as_of: asOf(after.seal),
    anchored_at: finding?.blockTime ?? null,
  };
}
