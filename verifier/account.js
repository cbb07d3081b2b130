// The statement of an account (docs/spec/proofs.md): all totals of one address, as of one batch.
//
//     1 format  2 leaf  3 inclusion  4 checkpoint  5 anchor: as of a bundle, of the batch's seal
//     6 times   the seal lies between the genesis and the block, and so do the credit hours
//     7 state   the state tree that the seal commits to holds these totals, or no such account
import { equal, unhex } from "./bytes.js";
import { headOf } from "./bundle.js";
import { askChain, demand, parsed, Run, verdictOf } from "./checks.js";
import { asOf, ledgerFact } from "./facts.js";
import { checkAddress, checkStruct } from "./fields.js";
import { isObject, parseJson } from "./json.js";
import { checkInclusion } from "./merkle.js";
import { parseAnchors, parseBase64, parseProven } from "./parts.js";
import { checkAbsent, checkPresent, parseSteps } from "./patricia.js";
import { leafOf, ledgerId } from "./records.js";
import { checkCreditTime, checkTimes } from "./times.js";
import { accountName, checkMinted, sealUnder, totalsValue } from "./totals.js";

export const FORMAT = "hourledger-account/v1";
const CHECKS = ["format", "leaf", "inclusion", "checkpoint", "anchor", "times", "state"];
const FIELDS = ["format", "genesis", "account", "seal", "leaf", "path", "anchors"];
const VALUE_MAX = 32768;

function parse(value) {
  const right = isObject(value, FIELDS) && value.format === FORMAT;
  demand(right, `not a statement of the form ${FORMAT}`);
  const seal = parseProven(value.seal);
  demand(seal !== null && seal.proof !== null, "the seal with its proof is needed");
  checkStruct("Genesis", value.genesis, "genesis");
  checkAddress(value.account, "account");
  const path = parsePath(value.leaf, value.path);
  return { ...value, seal, path, anchors: parseAnchors(value.anchors) };
}

// Where a lookup in the tree ends; null in the empty tree.
function parsePath(leaf, steps) {
  if (leaf === null && steps === "") return null;
  demand(isObject(leaf, ["key", "value"]), "a leaf has key and value");
  const [key, value] = ["key", "value"].map((name) => parseHex(leaf[name], name));
  return { key, value, steps: parseSteps(parseBase64(steps, "path")) };
}

function parseHex(value, name) {
  const right = typeof value === "string" && /^0x(?:[0-9a-f]{2})*$/.test(value);
  demand(right, `${name}: bytes are lower-case 0x-hex`);
  return unhex(value);
}

// `chain` and `trusted` as of a bundle.
export async function verifyAccount(value, chain, trusted) {
  const run = new Run(CHECKS);
  let statement;
  const read = () => {
    statement = parsed(() => parse(value));
    return "a complete statement, every value in its one spelling";
  };
  if (!(await run.make("format", read))) return run.report("invalid");
  const ledger = await ledgerId(statement.genesis);
  if (trusted && ledger !== trusted) {
    run.note("format", false, "the statement is of another ledger than the one trusted");
    return run.report("invalid");
  }
  const { entry, proof } = statement.seal;
  const head = await headOf(run, proof, entry, statement.genesis);
  if (head !== null) {
    await run.make("inclusion", async () => {
      await checkInclusion(await leafOf(entry), entry.index, head, proof.path);
      return `the seal is in the log of ${head.size}`;
    });
  }
  const finding = await askChain(run, statement.anchors, ledger, head, chain);
  let totals;
  await run.make("state", async () => {
    const { batch, state_root: root } = sealUnder(head, entry);
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
  return run.report(verdict, verdict === "invalid" ? {} : facts(statement, ledger, totals, finding));
}

// The totals that the tree with a root holds of an address; null where it has none.
async function statedTotals(root, account, path) {
  const key = accountName(account);
  if (path === null || !equal(path.key, key)) {
    await checkAbsent(root, key, path);
    return null;
  }
  await checkPresent(root, path);
  const value = parseJson(path.value, VALUE_MAX);
  demand(equal(totalsValue(value), path.value), "the totals are not in their one spelling");
  return value;
}

function facts({ genesis, account, seal }, ledger, totals, finding) {
  return {
    ledger: ledgerFact(genesis, ledger),
    account,
    totals,
    as_of: asOf(seal.entry),
    anchored_at: finding?.blockTime ?? null,
  };
}
