// What the entries that concern me add up to: hours with their states, and yibi with their causes. Pure.
import { data } from "../shared/data.js";
import { t } from "../shared/words.js";

// State → its words and colour.
const STATES = {
  unsigned: () => [t("Waiting for the organisation's signature"), "warn"],
  signed: () => [t("Signed"), ""],
  waiting: () => [t("Waiting for anchor"), "warn"],
  anchored: () => [t("Anchored"), "good"],
  amended: () => [t("Amended"), "warn"],
  void: () => [t("Void"), "bad"],
  disputed: () => [t("Under objection"), "warn"],
};

export const wordOf = (state) => STATES[state]();

const bodyOf = ({ entry }) => entry.record.body;
const kindOf = ({ entry }) => entry.record.kind;

function stateOf({ entry, service }) {
  if (service.status !== "recorded") return service.status;
  if (entry.index < data.anchored) return "anchored";
  return entry.index < data.sealed ? "waiting" : "signed";
}

// Every hour of mine, newest first: recorded ones, and clock pairs that nobody has signed yet.
export function hoursOf(items, me) {
  const recorded = items
    .filter((item) => item.service && versionOf(item).volunteer === me)
    .map((item) => ({ ...item, ...versionOf(item), state: stateOf(item) }));
  return [...recorded, ...unsigned(items, recorded, me)].sort((a, b) => b.started_at - a.started_at);
}

const versionOf = (item) => bodyOf(item).service ?? bodyOf(item);

function unsigned(items, recorded, me) {
  const signed = new Set(recorded.map((hour) => hour.clock_out));
  /** @type {[Map<string, number>, object[]]} */
  const [open, found] = [new Map(), []];
  for (const item of items) {
    const body = bodyOf(item);
    if (kindOf(item) !== "clock" || body.volunteer !== me) continue;
    if (body.direction === "in") open.set(body.activity, body.clocked_at);
    else if (open.has(body.activity)) {
      const began = { started_at: open.get(body.activity), ended_at: body.clocked_at };
      open.delete(body.activity);
      if (!signed.has(item.record_id)) found.push({ ...item, ...began, state: "unsigned" });
    }
  }
  return found;
}

// Hours that count: those that nothing voided or replaced.
export const counts = (hour) => !["unsigned", "void", "amended"].includes(hour.state);

// What moved my yibi, oldest first. One is earned whenever the credit minutes fill another unit.
export function coinsOf(items, me) {
  /** @type {[{ item: object, coins: number, minutes?: number }[], number]} */
  const [moved, unit] = [[], data.minutes_per_yibi];
  let minutes = 0;
  for (const item of items) {
    const body = bodyOf(item);
    if (item.service && versionOf(item).volunteer === me) {
      if (item.service.hour_class !== "credit" || ["void", "amended"].includes(item.service.status)) continue;
      const before = Math.floor(minutes / unit);
      minutes += item.service.minutes;
      moved.push({ item, coins: Math.floor(minutes / unit) - before, minutes });
    } else if (kindOf(item) === "transfer") {
      if (body.recipient === me) moved.push({ item, coins: body.coins });
      if (body.sender === me) moved.push({ item, coins: -body.coins });
    }
  }
  return moved;
}
