// How the page writes times and hours, and its words for what records hold as codes.
import { hasOwn } from "../../verifier/json.js";
import { language, mark, plural, t, tn } from "../shared/words.js";

export { mark, plural, t, tn };

/** @import { ChangeFact } from "../../verifier/shapes.d.ts" */

const { utcOffset } = /** @type {HTMLElement} */ (document.querySelector("[data-utc-offset]")).dataset;
/** @type {(seconds: number) => Date} */
const local = (seconds) => new Date((seconds + 60 * Number(utcOffset)) * 1000);
const clock = new Intl.DateTimeFormat(language, { dateStyle: "long", timeStyle: "short", timeZone: "UTC" });
const day = new Intl.DateTimeFormat(language, { dateStyle: "long", timeZone: "UTC" });

// A time (Unix s), local to the ledger.
/** @type {(seconds: number) => string} */
export const moment = (seconds) => clock.format(local(seconds));
/** @type {(seconds: number) => string} */
export const date = (seconds) => day.format(local(seconds));

// Minutes as hours and minutes: never rounded, never added up across classes.
/** @type {(minutes: number) => string} */
export const hours = (minutes) =>
  t("{hours} h {minutes} min", { hours: Math.floor(minutes / 60), minutes: minutes % 60 });

/** @type {Record<string, string>} */
const CODES = {
  recorded: t("recorded"),
  amended: t("amended"),
  disputed: t("disputed"),
  void: t("void"),
  unknown: t("unknown"),
  inside: t("at the place"),
  under_200_m: t("less than 200 m away"),
  under_1_km: t("less than 1 km away"),
  beyond_1_km: t("more than 1 km away"),
  gps: t("position"),
  site_code: t("code at the place"),
  face: t("face check"),
  before_platform: t("before the platform"),
  outage: t("outage"),
  dispatched: t("sent elsewhere"),
  paper: t("on paper"),
  served: t("served"),
  not_served: t("not served"),
  entered_in_error: t("entered in error"),
  duplicate: t("entered twice"),
  key_compromised: t("a key was compromised"),
  wrong_time: t("wrong time"),
  wrong_minutes: t("wrong minutes"),
  wrong_content: t("wrong content"),
  wrong_class: t("wrong class"),
  other: t("another reason"),
  organisation: t("organisation"),
  approver: t("approver"),
  authority: t("authority"),
  volunteer: t("volunteer"),
  guardian: t("guardian"),
  station: t("station"),
  recipient: t("recipient"),
  requester: t("requester"),
  sender: t("sender"),
};

// The word for a code; one that this page does not know stands as it is.
/** @type {(word: string) => string} */
export const code = (word) => (hasOwn(CODES, word) ? CODES[word] : word);

// What changed a record → who did what; with a reason, they give one. It is their word.
/** @type {Record<string, Record<string, string>>} */
const DONE = {
  void: {
    organisation: t("The organisation voided it"),
    successor: t("The organisation that succeeded voided it"),
    authority: t("An authority voided it"),
  },
  amend: { organisation: t("The organisation amended it") },
  objection: { volunteer: t("The volunteer objects") },
  certificate: { organisation: t("The organisation issued a newer certificate") },
  decision: {
    organisation: t("The organisation rejected an objection to it"),
    successor: t("The organisation that succeeded rejected an objection to it"),
    authority: t("An authority rejected an objection to it"),
  },
};

// Who changed a record of an organisation, and the reason that they give.
/** @type {(change: ChangeFact, issuer: string | null | undefined) => string} */
export function doneText({ kind, reason, by: { role, address } }, issuer) {
  const other = ["void", "decision"].includes(kind) && role === "organisation" && address !== issuer;
  const done = DONE[kind][other ? "successor" : role];
  if (reason === null) return done;
  const said = { done, reason: code(reason) };
  return kind === "objection" ? t("{done}: {reason}", said) : t("{done}; the reason given: {reason}", said);
}

/** @type {Record<string, string>} */
const FLAGS = {
  LATE: t("Entered after the working days that the law gives (MCA Order 67, art. 11)."),
  CREATED_AFTER_START: t("Its activity was published after it, or the service, had begun."),
  NO_ACTIVITY: t("Back-filled without an activity."),
  NIGHT_ENTRY: t("Back-filled at night."),
  BULK_ENTRY: t("One of many that one key entered within an hour."),
  OVER_DAY_CAP: t("The day has more than the cap; it was approved."),
  SAME_DEVICE: t("Somebody else clocked with the same device at this activity."),
  POSITION_UNCHECKED: t("No position and no site code showed that the person was at the place."),
  STAFF: t("The organisation gave the volunteer a key that acts for it."),
  KEY_REVOKED: t("A key behind it, or its organisation, was revoked with effect from an earlier time."),
};

/** @type {(flag: string) => string} */
export const flagText = (flag) => (hasOwn(FLAGS, flag) ? FLAGS[flag] : flag);
