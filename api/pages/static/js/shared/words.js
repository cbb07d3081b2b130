// The words of a page in its language. Messages are English sentences; what else a script says by
// `t("…")` the server puts beside it (api/pages/rendering.py).
import { hasOwn } from "../../verifier/json.js";

/** @type {Record<string, string>} */
const words = JSON.parse(/** @type {HTMLElement} */ (document.getElementById("words")).textContent);

// The message in the page's language, its {names} filled in.
/** @type {(message: string, values?: object) => string} */
export function t(message, values = {}) {
  const found = hasOwn(words, message) ? words[message] : message;
  return found.replace(/\{([a-z]+)\}/g, (_, name) =>
    String(/** @type {Record<string, unknown>} */ (values)[name]),
  );
}

// The one of two messages that fits a count, its {names} filled in. Both have their place in the table, so
// that a language without such forms says the same by either.
/** @type {(one: string, many: string, count: number, values?: object) => string} */
export const tn = (one, many, count, values = {}) => t(count === 1 ? one : many, { count, ...values });

// The message itself: so that one which is looked up later is found by who translates; and one with its
// plural.
/** @type {(message: string) => string} */
export const mark = (message) => message;
/** @type {(one: string, many: string) => [one: string, many: string]} */
export const plural = (one, many) => [one, many];

export const language = document.documentElement.lang;
