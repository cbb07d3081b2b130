// The proof file inside a PDF, by one rule that every verifier follows (docs/spec/proofs.md): no PDF is
// read at all; a mark says where the proof file stands, as it is.
import { damaged, noProof, PDF_BROKEN, PDF_EMPTY, PDF_SEVERAL } from "./unreadable.js";

/** @import { Bytes } from "./shapes.d.ts" */

const PDF_BYTES_MAX = 48 * 1024 * 1024;
const MARK = "/HourledgerProof";
const HEAD = /\/HourledgerProof 2\n\/Length ([1-9][0-9]{0,7})\n>>\nstream\n/y;

// The bytes of the one proof file in a PDF. Throws `Unreadable` where there is none, or more than one, or
// where it does not stand there as it was written.
/** @type {(bytes: Bytes) => Bytes} */
export function attachedFile(bytes) {
  if (bytes.length > PDF_BYTES_MAX) throw damaged(PDF_BROKEN);
  // One character for each byte.
  const text = new TextDecoder("latin1").decode(bytes);
  HEAD.lastIndex = text.indexOf(MARK);
  if (HEAD.lastIndex < 0) throw noProof(PDF_EMPTY);
  const head = HEAD.exec(text);
  const [start, end] = [HEAD.lastIndex, HEAD.lastIndex + Number(head?.[1])];
  if (head === null || end > bytes.length) throw damaged(PDF_BROKEN);
  if (text.indexOf(MARK, end) >= 0) throw damaged(PDF_SEVERAL);
  return bytes.subarray(start, end);
}
