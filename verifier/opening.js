// How a verifier begins: the file is of its form, and of the ledger that is trusted.
import { parsed } from "./checks.js";
import { ledgerId } from "./records.js";

// The check `format`: {file, ledger}, what `parse` gives and the id of its ledger; null where the check
// fails, which is `invalid`. `noun` and `whole` name the file in the reasons.
/** @returns {Promise<{ file: any, ledger: any } | null>} */
export async function openDocument(run, parse, trusted, noun, whole = `a complete ${noun}`) {
  /** @type {any} */
  let file;
  const read = () => {
    file = parsed(parse);
    return `${whole}, every value in its one spelling`;
  };
  if (!(await run.make("format", read))) return null;
  const ledger = await ledgerId(file.genesis);
  if (!trusted || ledger === trusted) return { file, ledger };
  run.note("format", false, `the ${noun} is of another ledger than the one trusted`);
  return null;
}
