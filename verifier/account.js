// The statement of an account (docs/spec/proofs.md): all totals of one address, as of one batch.
//
//     1 format  2 leaf  3 inclusion  4 checkpoint  5 anchor: as of a bundle, of the batch's seal
//     6 times   the seal lies between the genesis and the block, and so do the credit hours
//     7 state   the state tree that the seal commits to holds these totals, or no such account
import { equal, unhex } from "./bytes.js";
import { askChain, demand, Run, verdictOf } from "./checks.js";
import { asOf, ledgerFact } from "./facts.js";
import { checkAddress } from "./fields.js";
import { isObject, parseJson } from "./json.js";
import { checkSeal, loneSeal } from "./log_checks.js";
import { openDocument } from "./opening.js";
import { parseAnchors, parseBase64, parseProven } from "./parts.js";
import { checkAbsent, checkPresent, parseSteps } from "./patricia.js";
import { checkCreditTime, checkTimes } from "./times.js";
import { accountName, checkMinted, totalsValue } from "./totals.js";

/**
 * @import {
 *   AccountStatement, Bytes, Chain, Facts, Outcome, Report, Shown, Totals, TreePath
 * } from "./shapes.d.ts"
 */

export const FORMAT = "hourledger-account/v1";
const CHECKS = ["format", "leaf", "inclusion", "checkpoint", "anchor", "times", "state"];
const FIELDS = ["format", "genesis", "charters", "account", "seal", "leaf", "path", "anchors"];
const VALUE_MAX = 32768;

/** @type {(value: unknown) => AccountStatement} */
function parse(value) {
  const right = isObject(value, FIELDS) && value.format === FORMAT;
  demand(right, `not a statement of the form ${FORMAT}`);
  const seal = parseProven(value.seal);
  demand(seal !== null && seal.proof !== null, "the seal with its proof is needed");
  checkAddress(value.account, "account");
  const path = parsePath(value.leaf, value.path);
  return /** @type {AccountStatement} */ ({
    ...value,
    seal: /** @type {Shown} */ (seal),
    path,
    anchors: parseAnchors(value.anchors),
  });
}

// Where a lookup in the tree ends; null in the empty tree.
/** @type {(leaf: unknown, steps: unknown) => TreePath | null} */
function parsePath(leaf, steps) {
  if (leaf === null && steps === "") return null;
  demand(isObject(leaf, ["key", "value"]), "a leaf has key and value");
  const [key, value] = /** @type {const} */ (["key", "value"]).map((name) => parseHex(leaf[name], name));
  return { key, value, steps: parseSteps(parseBase64(steps, "path")) };
}

/** @type {(value: unknown, name: string) => Bytes} */
function parseHex(value, name) {
  const right = typeof value === "string" && /^0x(?:[0-9a-f]{2})*$/.test(value);
  demand(right, `${name}: bytes are lower-case 0x-hex`);
  return unhex(value);
}

// `chain` as of a bundle.
/** @type {(value: unknown, chain: Chain | null) => Promise<Report>} */
export async function verifyAccount(value, chain) {
  const run = new Run(CHECKS, "account");
  const opened = await openDocument(run, value, parse, "statement");
  if ("report" in opened) return opened.report;
  const { file: statement, ledger } = opened;
  const { entry } = statement.seal;
  const head = await checkSeal(run, statement.root, statement.seal);
  const finding = await askChain(run, statement.anchors, ledger, head, chain);
  /** @type {Totals | null | undefined} */
  let totals;
  await run.make("state", async () => {
    const { batch, state_root: root } = await loneSeal(statement.root, entry, head);
    totals = await statedTotals(root, statement.account, statement.path);
    checkMinted(totals, statement.genesis);
    return totals === null
      ? `nothing concerned this address as of batch ${batch}`
      : `these were its totals as of batch ${batch}`;
  });
  await run.make("times", () => {
    if (totals !== undefined) checkCreditTime(statement.genesis, entry, totals);
    return checkTimes(statement.genesis, [], entry, finding);
  });
  const verdict = verdictOf(run.all(), statement.anchors, finding);
  return run.report(
    verdict,
    verdict === "invalid" ? {} : facts(statement, ledger, /** @type {Totals | null} */ (totals), finding),
  );
}

// The totals that the tree with a root holds of an address; null where it has none.
/** @type {(root: string, account: string, path: TreePath | null) => Promise<Totals | null>} */
async function statedTotals(root, account, path) {
  const key = accountName(account);
  if (path === null || !equal(path.key, key)) {
    await checkAbsent(root, key, path);
    return null;
  }
  await checkPresent(root, path);
  const value = parseJson(path.value, VALUE_MAX);
  demand(equal(totalsValue(value), path.value), "the totals are not in their one spelling");
  return /** @type {Totals} */ (value);
}

/**
 * @type {(
 *   statement: AccountStatement, ledger: string, totals: Totals | null, finding: Outcome | null,
 * ) => Facts}
 */
function facts({ genesis, account, seal }, ledger, totals, finding) {
  return {
    ledger: ledgerFact(genesis, ledger),
    account,
    totals,
    as_of: asOf(seal.entry),
    anchored_at: finding?.blockTime ?? null,
  };
}
