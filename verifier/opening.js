// How a verifier begins: the file is of its form, and names its ledger.
/** @import { Run } from "./checks.js" */
import { parsed } from "./checks.js";
import { ledgerId } from "./records.js";

/** @import { Genesis } from "./shapes.d.ts" */

// The check `format`: {file, ledger}, what `parse` gives and the id of its ledger; null where the check
// fails, which is `invalid`. `noun` and `whole` name the file in the reasons.
/**
 * @type {<F extends { genesis: Genesis }>(
 *   run: Run, parse: () => F, noun: string, whole?: string
 * ) => Promise<{ file: F, ledger: string } | null>}
 */
export async function openDocument(run, parse, noun, whole = `a complete ${noun}`) {
  /** @type {ReturnType<typeof parse> | undefined} */
  let file;
  const reading = () => {
    file = parsed(parse);
    return `${whole}, every value in its one spelling`;
  };
  if (!(await run.make("format", reading))) return null;
  const read = /** @type {ReturnType<typeof parse>} */ (file);
  return { file: read, ledger: await ledgerId(read.genesis) };
}
