// Files from which no proof can be read: there is none in them, or they are damaged. Neither says
// anything of what the file is about. Both verifiers give the same reason in the same words.

/** @import { Report, Verdict } from "./shapes.d.ts" */

export const EMPTY = "the file is empty";
export const FOREIGN = "the file is of another kind";
export const NEWER = "its form is not known here; a newer program may know it";
export const BARE = "a certificate without the ledger's proof: what is checked here is the whole file";
export const TOO_LONG = "it is longer than any proof file";
export const PDF_EMPTY = "there is no proof file in this PDF: was it printed, encrypted or saved anew?";

export const CUT = "it begins like a proof file, and is cut, or was changed by an editor";
export const UTF_16 = "an editor saved it as UTF-16";
export const GZIP = "it is packed with gzip, and cut, or something stands behind its end";
export const PDF_BROKEN = "this PDF is cut, or was changed by another program";
export const PDF_SEVERAL = "there are several proof files in this PDF: it cannot be said which counts";

// The reason of `unchecked` for a form that other programs check.
export const NOT_HERE = "this page does not check files of this kind: hourledger verify does";

export class Unreadable extends Error {
  /** @param {Verdict} verdict @param {string} reason */
  constructor(verdict, reason) {
    super(reason);
    this.verdict = verdict;
  }

  /** @type {() => Report} */
  report() {
    const checks = [{ name: "format", ok: null, reason: this.message }];
    return { verdict: this.verdict, document: null, checks, facts: {}, within: null, head: null };
  }
}

/** @type {(reason: string) => Unreadable} */
export const noProof = (reason) => new Unreadable("no_proof", reason);
/** @type {(reason: string) => Unreadable} */
export const damaged = (reason) => new Unreadable("damaged", reason);
