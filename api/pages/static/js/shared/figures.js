// How figures are written, as `api/pages/formats.py` writes them.
import { data } from "./data.js";

// Hours with two decimals, rounded to the nearest: 100 minutes are 1.67.
/** @type {(minutes: number) => string} */
export function hours(minutes) {
  const hundredths = Math.floor((Math.abs(minutes) * 5 + 1) / 3);
  const whole = Math.floor(hundredths / 100).toLocaleString("en");
  return `${minutes < 0 ? "-" : ""}${whole}.${String(hundredths % 100).padStart(2, "0")}`;
}

/** @type {(time: number) => string} */
const local = (time) => new Date((time + data.offset_minutes * 60) * 1000).toISOString();

// A time (Unix s) in the ledger's local time, to the minute; its day.
/** @type {(time: number) => string} */
export const moment = (time) => local(time).slice(0, 16).replace("T", " ");
/** @type {(time: number) => string} */
export const day = (time) => local(time).slice(0, 10);

/** @type {(start: number, end: number) => string} */
export function span(start, end) {
  const [first, last] = [moment(start), moment(end)];
  return `${first} – ${first.slice(0, 10) === last.slice(0, 10) ? last.slice(11) : last}`;
}

// The first second (Unix s) of a local day.
/** @type {(text: string) => number} */
export const dayStart = (text) => Date.parse(`${text}T00:00:00Z`) / 1000 - data.offset_minutes * 60;

const opened = performance.now();

// The ledger's time (Unix s): what it was when the page was made, and what passed since.
/** @type {() => number} */
export const now = () => data.now + Math.floor((performance.now() - opened) / 1000);
