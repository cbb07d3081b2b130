// How a verifier begins: the file is of its form and of a charter whose modules this program knows, and
// names its ledger.
/** @import { Run } from "./checks.js" */
import { checkCharters, parseRoot, unknownModule } from "./charters.js";
import { parsed, ProofError, Refused } from "./checks.js";
import { ledgerFact } from "./facts.js";
import { ledgerId } from "./records.js";

/** @import { Genesis, JsonObject, Report, Root } from "./shapes.d.ts" */

// The check `format`: {file, ledger}, what `parse` gives and the id of its ledger; {report} where it does
// not go on from here. `noun` and `whole` name the file in the reasons. The charters are judged before
// anything else is read: what they say decides which kinds of records there are.
/**
 * @type {<F extends { root: Root }>(
 *   run: Run, value: unknown, parse: (value: unknown) => F, noun: string, whole?: string
 * ) => Promise<{ file: F, ledger: string } | { report: Report }>}
 */
export async function openDocument(run, value, parse, noun, whole = `a complete ${noun}`) {
  let [ledger, strange] = ["", /** @type {string | null} */ (null)];
  let genesis = /** @type {Genesis} */ ({});
  /** @type {ReturnType<typeof parse> | undefined} */
  let file;
  const read = async () => {
    const root = parsed(() => parseRoot(/** @type {JsonObject} */ (value)));
    genesis = root.genesis;
    ledger = await ledgerId(genesis);
    await followed(root, ledger);
    strange = unknownModule(root);
    if (strange === null) file = { ...parsed(() => parse(value)), root };
    return `${whole}, every value in its one spelling`;
  };
  if (!(await run.make("format", read))) return { report: run.report("invalid") };
  if (strange !== null) {
    run.note("format", null, strange);
    return { report: run.report("unchecked", { ledger: ledgerFact(genesis, ledger) }) };
  }
  return { file: /** @type {ReturnType<typeof parse>} */ (file), ledger };
}

/** @type {(root: Root, ledger: string) => Promise<void>} */
async function followed(root, ledger) {
  try {
    await checkCharters(root, ledger);
  } catch (error) {
    throw error instanceof Refused ? new ProofError(`${error.code}: ${error.detail}`) : error;
  }
}
