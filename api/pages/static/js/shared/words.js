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

// The message itself: so that one which is looked up later is found by who translates.
/** @type {(message: string) => string} */
export const mark = (message) => message;

export const language = document.documentElement.lang;
