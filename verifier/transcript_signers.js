// Who signed the entries of a transcript, as far as the transcript itself shows it. A key that acts for an
// organisation needs a grant, which stands in nobody's transcript but theirs: such a signature is
// counted, and said not to be shown.
import { charterAt } from "./charters.js";
import { checkThird } from "./basis.js";
import { checkAuthor, succeeds, targetOf } from "./changes.js";
import { demand } from "./checks.js";
import { ZERO_ADDRESS, ZERO_HASH } from "./fields.js";
import { serviceOf } from "./records.js";
import { delegated, grants, issuerOf, scopeOf } from "./signers.js";
import { SKEW_SECONDS } from "./times.js";

/** @import { Batch, Claim, Entry, LedgerRecord, Nothing, Service, Transcript } from "./shapes.d.ts" */

// How many signatures of each entry rest on a grant that is not shown. `ids` are those of the records.
/** @type {(file: Transcript, ids: string[]) => number[]} */
export function unshownGrants({ root, before, entries }, ids) {
  /** @type {Map<string, LedgerRecord>} */
  const last = new Map();
  /** @type {Map<string | null, LedgerRecord>} */
  const shown = new Map();
  /** @type {Entry[]} */
  const successions = [];
  /** @type {(entry: Entry, claim: Claim) => boolean} */
  const cover = ({ record, accepted_at: time }, claim) => {
    const issuer = issuerOf(record);
    const grant = last.get(`${issuer} ${claim.signer}`);
    return grant !== undefined && grants(grant, issuer, claim.signer, scopeOf(record, claim), time);
  };
  return entries.map((entry, at) => {
    const { record } = entry;
    const claims = delegated(charterAt(root, entry.index), record, entry.accepted_at);
    checkBasis(entry, before, shown);
    const old = shown.get(targetOf(record)) ?? null;
    const missing =
      claims.filter((claim) => !cover(entry, claim)).length + isStrangers(entry, old, successions);
    if (record.kind === "organisation" && record.body.action === "succeed") successions.push(entry);
    if (record.kind === "delegation") last.set(`${record.body.organisation} ${record.body.delegate}`, record);
    shown.set(ids[at], record);
    return missing;
  });
}

// 1 if an entry voids or decides for another organisation than the one that recorded its target (`old`), which takes a
// succession that is not shown; else 0. Who may not change what it names is refused.
/** @type {(entry: Entry, old: LedgerRecord | null, successions: Entry[]) => 0 | 1} */
function isStrangers(entry, old, successions) {
  if (old === null) return 0;
  const { kind, body } = entry.record;
  const whose = issuerOf(old);
  const may = kind === "void" || kind === "decision";
  if (may && ![ZERO_ADDRESS, whose].includes(body.organisation)) {
    return successions.some((one) => succeeds(one, whose, body.organisation)) ? 0 : 1;
  }
  checkAuthor({ record: old }, entry, successions);
  return 0;
}

// Credit hours are made of a clock-in and a clock-out that stand among the entries before them, or are
// older than the earlier batch; and what the recipient said of them does too.
/** @type {(entry: Entry, before: Batch | null, shown: Map<string | null, LedgerRecord>) => void} */
function checkBasis({ index, record }, before, shown) {
  const service = serviceOf(record);
  if (service?.hour_class !== "credit") return;
  /** @type {(holds: unknown, reason: string) => asserts holds} */
  const need = (holds, reason) => demand(holds, `entry ${index}: ${reason}`);
  /** @type {[id: string, direction: string, time: number][]} */
  const events = [
    [service.clock_in, "in", service.started_at],
    [service.clock_out, "out", service.ended_at],
  ];
  const records = [record];
  for (const [id, direction, time] of events) {
    const clock = shown.get(id);
    if (clock !== undefined) records.push(clock);
    if (clock === undefined) need(isOlder(before, time), "the clock events of the credit hours are missing");
    else {
      const exact = record.kind === "amend" ? null : time;
      need(isEvent(clock, service, direction, exact), "a clock event is not that of the credit hours");
    }
  }
  const said = shown.get(service.confirmation);
  if (said === undefined) {
    need(service.confirmation === ZERO_HASH || before !== null, "what the recipient said is missing");
  } else {
    const answers = said.kind === "confirmation" && said.body.clock_out === service.clock_out;
    need(answers, "what the recipient said is of another visit");
    checkThird(said, service, records);
  }
}

/** @type {(record: LedgerRecord, service: Service, direction: string, time: number | null) => boolean} */
function isEvent({ kind, body }, service, direction, time) {
  const same = /** @type {const} */ (["activity", "organisation", "volunteer"]).every(
    (name) => body[name] === service[name],
  );
  return (
    kind === "clock" && same && body.direction === direction && (time === null || body.clocked_at === time)
  );
}

// Whether what happened then may have been entered before the earlier batch was sealed.
/** @type {(before: Batch | null, time: number) => boolean} */
function isOlder(before, time) {
  const { kind, body } = /** @type {LedgerRecord | Nothing} */ (before?.seal.record ?? {});
  return kind === "seal" && time - body.sealed_at <= SKEW_SECONDS;
}
