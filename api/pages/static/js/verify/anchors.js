// What the chain said of a file, in the reader's words; and whether that chain has any witness but its
// operator. The reasons are those of `verifier/chain.js` and `verifier/checks.js`.
import { t } from "./words.js";

/** @import { Check } from "../../verifier/shapes.d.ts" */

// The twin of `DEMONSTRATIONS` in api/node/chain_names.py: development nodes, and what the embedded chain draws.
const DEMONSTRATIONS = [
  [1337, 1338],
  [31337, 31338],
  [2 ** 40, 2 ** 41],
];

/** @type {(chain: number) => boolean} */
export const isDemonstration = (chain) =>
  DEMONSTRATIONS.some(([first, end]) => first <= chain && chain < end);

const EMBEDDED = "on the demonstration chain, which nobody else witnesses";
const FINAL = /^on chain (\d+), confirmations: (\d+)$/;
const MINED = /^mined on chain (\d+), (\d+) of (\d+) confirmations$/;
const OTHER = /^anchored on chain (\d+), asked is (\d+)$/;

// Whether what a report says of the anchor is by the word of such a chain.
/** @type {(checks: Check[]) => boolean} */
export function restsOnDemonstration(checks) {
  const check = checks.find(({ name }) => name === "anchor");
  if (!check || check.ok === false) return false;
  const [, named] = FINAL.exec(check.reason) ?? MINED.exec(check.reason) ?? [];
  return check.reason.includes(EMBEDDED) || isDemonstration(Number(named));
}

// The reason of the check `anchor`; null for one that has no words here.
/** @type {(reason: string) => string | null} */
export function anchorText(reason) {
  const plain = reason.replace(EMBEDDED, "on chain 0");
  /** @type {(chain: string) => string} */
  const named = (chain) => (chain === "0" ? t("the demonstration chain") : t("chain {id}", { id: chain }));
  let found;
  if ((found = FINAL.exec(plain)))
    return t("On {chain}; confirmations: {depth}", { chain: named(found[1]), depth: found[2] });
  if ((found = MINED.exec(plain))) {
    return t("On {chain}; confirmations: {depth} of {needed}", {
      chain: named(found[1]),
      depth: found[2],
      needed: found[3],
    });
  }
  if ((found = OTHER.exec(plain))) {
    return t("Anchored on {chain}; the node asked is of {other}", {
      chain: named(found[1]),
      other: named(found[2]),
    });
  }
  if (reason === "no chain was asked") return t("No chain was asked.");
  if (reason === "the checkpoint is not anchored on a chain yet") return t("No chain holds it yet.");
  return null;
}
