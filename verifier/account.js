// The statement of an account (docs/spec/proofs.md): all totals of one address, as of one batch.
//
//     1 format  2 leaf  3 inclusion  4 checkpoint  5 anchor: as of a bundle, of the batch's seal
//     6 times   the seal lies between the genesis and the block, and so do the credit hours
//     7 state   the state tree that the seal commits to holds these totals, or no such account
import { askChain } from "./anchor.js";
import { demand, Run, verdictOf } from "./checks.js";
import { asOf, ledgerFact } from "./facts.js";
import { checkAddress } from "./fields.js";
import { isObject } from "./json.js";
import { checkSeal, loneSeal } from "./log_checks.js";
import { checkMany } from "./multiproof.js";
import { openDocument } from "./opening.js";
import { parseAnchors, parseBase64, parseProven } from "./parts.js";
import { checkCreditTime, checkTimes } from "./times.js";
import { accountName, checkMinted, checkTotals, totalsValue } from "./totals.js";

/** @import { AccountStatement, Chain, Facts, Outcome, Report, Shown } from "./shapes.d.ts" */

export const FORMAT = "hourledger-account/v1";
const CHECKS = ["format", "leaf", "inclusion", "checkpoint", "anchor", "times", "state"];
const FIELDS = [
  ...["format", "genesis", "charters", "account", "seal", "totals", "opening", "proof", "anchors"],
];

/** @type {(value: unknown) => AccountStatement} */
function parse(value) {
  const right = isObject(value, FIELDS) && value.format === FORMAT;
  demand(right, `not a statement of the form ${FORMAT}`);
  const seal = parseProven(value.seal);
  demand(seal !== null && seal.proof !== null, "the seal with its proof is needed");
  checkAddress(value.account, "account");
  checkTotals(value.totals, value.opening);
  const proof = parseBase64(value.proof, "proof");
  return /** @type {AccountStatement} */ ({
    ...value,
    seal: /** @type {Shown} */ (seal),
    proof,
    anchors: parseAnchors(value.anchors),
  });
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
  const finding = await askChain(run, statement.anchors, statement.root, ledger, head, chain);
  const { account, genesis, totals, opening, proof } = statement;
  await run.make("state", async () => {
    const { batch, state_root: root } = await loneSeal(statement.root, entry, head);
    await checkMany(root, [[await accountName(account), await totalsValue(totals, opening)]], proof);
    checkMinted(totals, genesis);
    return totals === null
      ? `nothing concerned this address as of batch ${batch}`
      : `these were its totals as of batch ${batch}`;
  });
  await run.make("times", () => {
    checkCreditTime(genesis, entry, totals);
    return checkTimes(genesis, [], entry, finding);
  });
  const verdict = verdictOf(run.all(), statement.anchors, finding);
  return run.report(verdict, verdict === "invalid" ? {} : facts(statement, ledger, finding));
}

/** @type {(statement: AccountStatement, ledger: string, finding: Outcome | null) => Facts} */
function facts({ genesis, account, seal, totals }, ledger, finding) {
  return {
    ledger: ledgerFact(genesis, ledger),
    account,
    totals,
    as_of: asOf(seal.entry),
    anchored_at: finding?.blockTime ?? null,
  };
}
