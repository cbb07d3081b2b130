// The order in time that every true proof keeps (docs/spec/proofs.md, "The order of times"): served,
// signed, accepted, sealed, anchored. All times in Unix seconds.
import { demand } from "./checks.js";
import { serviceOf } from "./records.js";

/** @import { Entry, Genesis, LedgerRecord, Outcome, Totals, Unsigned } from "./shapes.d.ts" */

export const SKEW_SECONDS = 300;

// The check `times`: all entries that a file shows, the seal too, in the order of time, and the seal
// before the block that was found. `beside`: [record, time] of records that the file shows without an
// entry, each with the time before which it was taken.
/**
 * @type {(
 *   genesis: Genesis, entries: Entry[], seal: Entry | null, finding: Outcome | null,
 *   beside?: [LedgerRecord, number][],
 * ) => string}
 */
export function checkTimes(genesis, entries, seal, finding, beside = []) {
  const shown = [...entries, ...(seal === null ? [] : [seal])].sort(
    (a, b) => a.index - b.index || a.accepted_at - b.accepted_at,
  );
  let before = genesis.issued_at - SKEW_SECONDS;
  for (const { index, accepted_at: time, record } of shown) {
    demand(time >= before, `entry ${index} was accepted before what stands before it in the log`);
    checkRecord(record, time, `entry ${index}`);
    before = time;
  }
  for (const [record, time] of beside) checkRecord(record, time, `a record of kind ${record.kind}`);
  return `${shown.length} entries stand in the order of time${checkBlock(seal, finding)}`;
}

// A record states no time later than its acceptance, had not expired, and no service is longer than it
// lasted.
/** @type {(record: LedgerRecord, acceptedAt: number, where: string) => void} */
function checkRecord(record, acceptedAt, where) {
  const early = `${where} was accepted before it was served or signed`;
  demand(Math.max(0, ...stated(record)) - acceptedAt <= SKEW_SECONDS, early);
  const { expires_at: expires = Infinity } = record.body;
  demand(acceptedAt < expires, `${where} was accepted when its signature had expired`);
  if (record.kind === "seal") {
    const same = acceptedAt - record.body.sealed_at <= SKEW_SECONDS;
    demand(same, `${where}: the seal says another time than its acceptance`);
  }
  const service = serviceOf(record);
  if (service === null) return;
  const { started_at: started, ended_at: ended, minutes } = service;
  demand(ended > started, `${where}: the service ends before it starts`);
  demand(minutes * 60 <= ended - started, `${where}: the service has more minutes than it lasted`);
}

// The times at which a record says that it was signed, or that something was over.
/** @type {(record: Unsigned) => number[]} */
function stated({ kind, body }) {
  if (kind === "seal") return [body.sealed_at];
  if (kind === "clock") return [body.clocked_at];
  const service = serviceOf(/** @type {Unsigned} */ ({ kind, body }));
  return [body.issued_at, ...(service === null ? [] : [service.issued_at, service.ended_at])];
}

/** @type {(seal: Entry | null, finding: Outcome | null) => string} */
function checkBlock(seal, finding) {
  const time = finding?.blockTime ?? null;
  if (seal?.record.kind !== "seal" || time === null) return "";
  demand(seal.record.body.sealed_at - time <= SKEW_SECONDS, "the block is older than the seal");
  return ", the block behind them";
}

// Nobody has more credit hours than passed from the genesis to the seal: they come from clocks, and no
// two of a person overlap. Where the seal is none, this says nothing.
/** @type {(genesis: Genesis, seal: Entry, totals: Totals | null) => void} */
export function checkCreditTime(genesis, seal, totals) {
  if (totals === null || seal.record.kind !== "seal") return;
  const passed = seal.record.body.sealed_at - genesis.issued_at + 2 * SKEW_SECONDS;
  const fits = BigInt(totals.credit_minutes) * 60n <= BigInt(passed);
  demand(fits, "there are more credit hours than have passed since the genesis");
}
