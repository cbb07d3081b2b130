// How a verifier begins: the file is of its form, and of the ledger that is trusted.
/** @import { Run } from "./checks.js" */
import { parsed } from "./checks.js";
import { ledgerId } from "./records.js";

/** @import { Genesis } from "./shapes.d.ts" */

// The check `format`: {file, ledger}, what `parse` gives and the id of its ledger; null where the check
// fails, which is `invalid`. `noun` and `whole` name the file in the reasons.
/**
 * @type {<F extends { genesis: Genesis }>(
 *   run: Run, parse: () => F, trusted: string | null, noun: string, whole?: string
 * ) => Promise<{ file: F, ledger: string } | null>}
 */
export async function openDocument(run, parse, trusted, noun, whole = `a complete ${noun}`) {
  /** @type {ReturnType<typeof parse> | undefined} */
  let file;
  const read = () => {
    file = parsed(parse);
    return `${whole}, every value in its one spelling`;
  };
  if (!(await run.make("format", read))) return null;
  const ledger = await ledgerId(/** @type {ReturnType<typeof parse>} */ (file).genesis);
  if (!trusted || ledger === trusted) return { file: /** @type {ReturnType<typeof parse>} */ (file), ledger };
  run.note("format", false, `the ${noun} is of another ledger than the one trusted`);
  return null;
}
