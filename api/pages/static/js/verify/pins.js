// Whom the page trusts about ledgers: the site that it is of, about that site's own; else who looks at it.
import { only } from "../../verifier/verify.js";

/** @import { Pins } from "../../verifier/shapes.d.ts" */

// `trusted` is the id that stands in the page's settings, `own` that of the site at `host`.
/** @type {(trusted: string, own: string | undefined, host: string) => Pins} */
export const pinsOf = (trusted, own, host) => (ledger, home) => {
  const pin = only(trusted)(ledger, home);
  return typeof pin !== "string" && ledger === own ? { ...pin, by: "site", host } : pin;
};
