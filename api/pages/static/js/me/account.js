// What the entries that concern me add up to: hours with their states, and yibi with their causes. Pure.
import { data } from "../shared/data.js";
import { t } from "../shared/words.js";

/** @import { Entry, Service } from "../../verifier/shapes.d.ts" */
/** @import { Hour, Item, Moved, State } from "../shapes.d.ts" */

// State → its words and colour.
/** @type {Record<State, () => [word: string, colour: string]>} */
const STATES = {
  unsigned: () => [t("Waiting for the organisation's signature"), "warn"],
  signed: () => [t("Signed"), ""],
  waiting: () => [t("Waiting for anchor"), "warn"],
  anchored: () => [t("Anchored"), "good"],
  amended: () => [t("Amended"), "warn"],
  void: () => [t("Void"), "bad"],
  disputed: () => [t("Under objection"), "warn"],
};

/** @type {(state: State) => [word: string, colour: string]} */
export const wordOf = (state) => STATES[state]();

/** @type {(item: Item) => Entry["record"]["body"]} */
const bodyOf = ({ entry }) => entry.record.body;

/** @type {(item: Item) => State} */
function stateOf({ entry, service }) {
  if (service && service.status !== "recorded") return service.status;
  if (entry.index < data.anchored) return "anchored";
  return entry.index < data.sealed ? "waiting" : "signed";
}

// Every hour of mine, newest first: recorded ones, and clock pairs that nobody has signed yet.
/** @type {(items: Item[], me: string) => Hour[]} */
export function hoursOf(items, me) {
  const recorded = items
    .filter((item) => item.service && versionOf(item).volunteer === me)
    .map((item) => ({ ...item, ...versionOf(item), state: stateOf(item) }));
  return [...recorded, ...unsigned(items, recorded, me)].sort((a, b) => b.started_at - a.started_at);
}

/** @type {(item: Item) => Service} */
const versionOf = (item) => /** @type {Service} */ (bodyOf(item).service ?? bodyOf(item));

/** @type {(items: Item[], recorded: Hour[], me: string) => Hour[]} */
function unsigned(items, recorded, me) {
  const signed = new Set(recorded.map((hour) => hour.clock_out));
  /** @type {[Map<string, number>, Hour[]]} */
  const [open, found] = [new Map(), []];
  for (const item of items) {
    const { kind, body } = item.entry.record;
    if (kind !== "clock" || body.volunteer !== me) continue;
    if (body.direction === "in") open.set(body.activity, body.clocked_at);
    else if (open.has(body.activity)) {
      const began = {
        started_at: /** @type {number} */ (open.get(body.activity)),
        ended_at: body.clocked_at,
      };
      open.delete(body.activity);
      if (!signed.has(item.record_id)) found.push({ ...item, ...began, state: "unsigned" });
    }
  }
  return found;
}

// Hours that count: those that nothing voided or replaced.
/** @type {(hour: Hour) => boolean} */
export const counts = (hour) => !["unsigned", "void", "amended"].includes(hour.state);

// What moved my yibi, oldest first. One is earned whenever the credit minutes fill another unit.
/** @type {(items: Item[], me: string) => Moved[]} */
export function coinsOf(items, me) {
  /** @type {[Moved[], number]} */
  const [moved, unit] = [[], data.minutes_per_yibi];
  let minutes = 0;
  for (const item of items) {
    const { kind, body } = item.entry.record;
    if (item.service && versionOf(item).volunteer === me) {
      if (item.service.hour_class !== "credit" || ["void", "amended"].includes(item.service.status)) continue;
      const before = Math.floor(minutes / unit);
      minutes += item.service.minutes;
      moved.push({ item, coins: Math.floor(minutes / unit) - before, minutes });
    } else if (kind === "transfer") {
      if (body.recipient === me) moved.push({ item, coins: body.coins });
      if (body.sender === me) moved.push({ item, coins: -body.coins });
    }
  }
  return moved;
}
