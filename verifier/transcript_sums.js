// What the entries of a transcript come to, by the rules of totals, and what the trees say.
import { demand } from "./checks.js";
import { serviceOf } from "./records.js";

/** @import { Batch, Entry, OwnService, Service, Transcript } from "./shapes.d.ts" */

/**
 * @typedef {"credit_minutes" | "honour_minutes" | "voided_minutes" | "received" | "sent"} Sum
 * @typedef {{ credit: bigint, honour: bigint }} ByClass
 */

const CLASSES = /** @type {const} */ ({ credit: "credit_minutes", honour: "honour_minutes" });
/** @type {Sum[]} */
const NAMES = [...Object.values(CLASSES), "voided_minutes", "received", "sent"];

// The check `sums`: what the totals grew by from one tree to the other is what the entries come to. Of a
// service from before the earlier batch its minutes are not shown: what takes it away may explain that a
// class grew by less. `services` are those of the account itself, each with its status.
/** @type {(file: Transcript, services: OwnService[], ids: string[]) => string} */
export function checkSums({ account, before, after, entries }, services, ids) {
  /** @type {(at: Batch | null, name: Sum) => bigint} */
  const of = (at, name) => BigInt(at?.totals?.[name] ?? 0);
  const left = /** @type {Record<Sum, bigint>} */ (
    Object.fromEntries(NAMES.map((name) => [name, of(after, name) - of(before, name)]))
  );
  takeShown(left, account, entries, services);
  const { voids, amends } = earlier(account, entries, new Set(ids));
  const whole = before !== null || (voids === 0n && amends.credit + amends.honour === 0n);
  demand(whole, "what a correction is about is not among the entries");
  /** @type {(holds: unknown, name: string) => void} */
  const need = (holds, name) => demand(holds, `the entries come to another total than is stated: ${name}`);
  for (const name of /** @type {const} */ (["received", "sent"])) need(left[name] === 0n, name);
  for (const [hourClass, name] of Object.entries(CLASSES)) {
    const gone = amends[/** @type {keyof ByClass} */ (hourClass)];
    need(left[name] <= -gone && (left[name] === 0n || voids > 0n || gone > 0n), name);
  }
  const { voided_minutes: voided } = left;
  need(voided >= 0n && (voided === 0n || voids > 0n), "voided_minutes");
  const lost = -(left.credit_minutes + left.honour_minutes) - voided;
  const most = amends.credit + amends.honour;
  need(lost >= most && (lost === 0n || most > 0n), "voided_minutes");
  return "the entries come to what the totals grew by";
}

/** @type {(left: Record<Sum, bigint>, account: string, entries: Entry[], services: OwnService[]) => void} */
function takeShown(left, account, entries, services) {
  for (const {
    service: { hour_class: of, minutes },
    status,
  } of services) {
    if (status === "void") left.voided_minutes -= BigInt(minutes);
    else if (status !== "amended") left[CLASSES[of]] -= BigInt(minutes);
  }
  for (const {
    record: { kind, body },
  } of entries) {
    if (kind !== "transfer") continue;
    if (body.sender === account) left.sent -= BigInt(body.coins);
    if (body.recipient === account) left.received -= BigInt(body.coins);
  }
}

// How many voids, and amendments of the account's own services by class, are of a record that is not shown.
/**
 * @type {(
 *   account: string, entries: Entry[], shown: Set<string | undefined>,
 * ) => { voids: bigint, amends: ByClass }}
 */
function earlier(account, entries, shown) {
  let voids = 0n;
  const amends = { credit: 0n, honour: 0n };
  for (const { record } of entries) {
    const { kind, body } = record;
    if (shown.has(body.target)) continue;
    if (kind === "void") voids += 1n;
    if (kind === "amend" && /** @type {Service} */ (serviceOf(record)).volunteer === account)
      amends[body.service.hour_class] += 1n;
  }
  return { voids, amends };
}
