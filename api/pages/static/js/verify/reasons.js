// The reasons of checks in the reader's words. Verifiers give them in English (`verifier/`): each is said by
// the one message that has its form, with the numbers, names and hashes that stand in it.
import { NOT_HERE } from "../../verifier/unreadable.js";
import chain from "./reasons/chain.js";
import credential from "./reasons/credential.js";
import form from "./reasons/form.js";
import hours from "./reasons/hours.js";
import { kindWord } from "./reasons/kinds.js";
import ledger from "./reasons/ledger.js";
import log from "./reasons/log.js";
import signers from "./reasons/signers.js";
import { UNREAD } from "./verdicts.js";
import { code, moment, t, tn } from "./words.js";

// Reasons that the page says elsewhere too, in the same words.
const WHOLE = new Map([
  ...Object.entries(UNREAD),
  ["no chain was asked", t("No chain was asked.")],
  ["the entries come to what the totals grew by", t("The entries come to what the totals grew by.")],
  [NOT_HERE, t("This page does not check files of this kind; the program hourledger verify does.")],
]);

/** @typedef {{ form: string, word?: (text: string) => string | null }} Place */

/** @type {(word: (text: string) => string, mark: string) => (text: string) => string} */
const listed = (word, mark) => (text) => text.split(mark).map(word).join(t(", "));

// What can fill a place of a message: its form, and how it is said where it is not shown as it stands. All
// other places hold one word: a number, an address, a hash, the name of a field.
const ANYTHING = { form: ".*" };
const SAID = { form: ".+", word: said };
const KIND = { form: "[a-z_]+", word: kindWord };
const CODES = { form: "[a-z_]+(?:, [a-z_]+)*", word: listed(code, ", ") };
/** @type {Record<string, Place>} */
const PLACES = {
  name: ANYTHING,
  number: ANYTHING,
  ledger: ANYTHING,
  origin: ANYTHING,
  host: ANYTHING,
  names: ANYTHING,
  text: ANYTHING,
  did: ANYTHING,
  where: SAID,
  why: SAID,
  kind: KIND,
  old: KIND,
  time: { form: "[0-9TZ:-]+", word: timeOf },
  role: CODES,
  roles: CODES,
  status: CODES,
  signers: { form: "0x\\w+(?: and 0x\\w+)*", word: listed((signer) => signer, " and ") },
};
const WORD = "[^\\s;:,]+";

const special = /[.*+?^$()|[\]\\]/g;
/** @type {(_: string, name: string) => string} */
const place = (_, name) => `(?<${name}>${PLACES[name]?.form ?? WORD})`;
/** @type {(message: string) => RegExp} */
const formOf = (message) =>
  new RegExp(`^${message.replace(special, "\\$&").replace(/\{([a-z]+)\}/g, place)}$`, "s");
const FORMS = [...ledger, ...form, ...log, ...signers, ...hours, ...credential, ...chain].map((message) => {
  const [one, many] = [message].flat(1);
  return { one, many, form: formOf(many ?? one) };
});

// A time of a reason as the reader has times; one that is none stands as it is.
/** @type {(text: string) => string} */
function timeOf(text) {
  const time = Date.parse(text) / 1000;
  return Number.isFinite(time) && text.endsWith("Z") ? moment(time) : text;
}

// The code of a refusal, which stands before the reason.
const REFUSED = /^[A-Z_]+:? (.+)$/s;

/** @type {(text: string) => string | null} */
function said(text) {
  const whole = WHOLE.get(text);
  if (whole !== undefined) return whole;
  for (const { one, many, form } of FORMS) {
    const values = valuesOf(form.exec(text));
    if (values !== null) return many ? tn(one, many, Number(values.count), values) : t(one, values);
  }
  const [, refused] = REFUSED.exec(text) ?? [];
  return refused === undefined ? null : said(refused);
}

// What fills the places of a form, in words; null where one has no words.
/** @type {(found: RegExpExecArray | null) => Record<string, string> | null} */
function valuesOf(found) {
  if (found === null) return null;
  const named = Object.entries(found.groups ?? {});
  const values = named.map(([name, text]) => ({ name, text, word: PLACES[name]?.word?.(text) ?? null }));
  if (values.some(({ name, word }) => PLACES[name] === SAID && word === null)) return null;
  return Object.fromEntries(values.map(({ name, word, text }) => [name, word ?? text]));
}

// The reason of a check; null for one that has no words here.
/** @type {(name: string, reason: string) => string | null} */
export function reasonText(name, reason) {
  const whole = said(reason);
  if (whole !== null) return whole;
  const parts = reason.split("; ").map(said);
  if (!parts.includes(null)) return parts.join(t("; "));
  // What is left are the words of a node, which may be any.
  return name === "anchor" ? t("the node answers: {text}", { text: reason }) : null;
}
