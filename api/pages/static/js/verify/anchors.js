// Whether the chain that a report rests on has any witness but its operator. The reasons are those of
// `verifier/chain.js`.

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

const EMBEDDED = /^(?:mined )?on the demonstration chain, which nobody else witnesses(?:[,;]|$)/;
const NAMED = /^(?:mined )?on chain (\d+)(?:[,;]|$)/;

// Whether what a report says of the anchor is by the word of such a chain.
/** @type {(checks: Check[]) => boolean} */
export function restsOnDemonstration(checks) {
  const check = checks.find(({ name }) => name === "anchor");
  if (!check || check.ok === false) return false;
  const [, named] = NAMED.exec(check.reason) ?? [];
  return EMBEDDED.test(check.reason) || isDemonstration(Number(named));
}
