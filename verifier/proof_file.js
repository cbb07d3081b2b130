// What a file holds, whatever its kind: taken out of a PDF, unpacked, and read once for all. Nothing but
// the value of `format`, or the ledger's proof in a credential, says which form a file has.
import { Refused } from "./checks.js";
import { unpack } from "./inflate.js";
import { hasOwn, isJson, parseJson } from "./json.js";
import { attachedFile } from "./pdf.js";
import { BARE, CUT, damaged, EMPTY, FOREIGN, GZIP, noProof, TOO_LONG, UTF_16 } from "./unreadable.js";

/** @import { Bytes } from "./shapes.d.ts" */

export const CREDENTIAL = "HourledgerProof2026";
export const REPORT = "hourledger-credit-report/v1";
const FILE_BYTES_MAX = 32 * 1024 * 1024;
// What stands in every whole file of ours, and in few others; and at the begin of every Open Badge.
const OURS = ["hourledger-", CREDENTIAL];
const BADGE = "ob/v3p0/context";
// A member of every credential of ours, also of one that was made for other programs.
const LEDGER = "hourledger:ledger";
const UTF_16S = ["\xff\xfe", "\xfe\xff", "{\0", "\0{"];
const LINE = 10;

/** @type {(bytes: Bytes) => string} */
const textOf = (bytes) => new TextDecoder("latin1").decode(bytes);
/** @type {(bytes: Bytes, begin: string) => boolean} */
const beginsWith = (bytes, begin) => [...begin].every((next, at) => bytes[at] === next.charCodeAt(0));
/** @type {(byte: number) => boolean} */
const isSpace = (byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d || byte === 0x0a;

// {form, value}: the form of a file, empty for one without, and its JSON value; of a credit report, which
// may be longer than a page can hold, only the form. Throws `Unreadable` for a file without a proof that
// can be read, and `Refused` for one of ours whose JSON two readers might read differently.
/** @type {(bytes: Bytes) => { form: string, value: unknown }} */
export function readFile(bytes) {
  let data = beginsWith(bytes, "%PDF-") ? attachedFile(bytes) : bytes;
  let more = data.length > FILE_BYTES_MAX;
  if (beginsWith(data, "\x1f\x8b")) ({ data, more } = unpacked(data));
  if (beginsWith(data, "\xef\xbb\xbf")) data = data.subarray(3);
  const text = stripped(data);
  const end = text.indexOf(LINE);
  const line = end < 0 ? text : text.subarray(0, end);
  const first = line[0] === 0x7b ? parsed(line) : null;
  if (formOf(first) === REPORT) return { form: REPORT, value: null };
  if (more) throw noProof(TOO_LONG);
  const whole = end < 0 || stripped(text.subarray(end)).length === 0;
  const value = first !== null && whole ? first : documentOf(text);
  const form = formOf(value);
  const bare = form === "" && value !== null && typeof value === "object" && hasOwn(value, LEDGER);
  if (bare) throw noProof(BARE);
  return { form, value };
}

// The form that a JSON value says it has; empty for one that says none.
/** @type {(value: unknown) => string} */
export function formOf(value) {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return "";
  const proofs = hasOwn(value, "proof")
    ? /** @type {({ type?: unknown } | null)[]} */ ([value.proof].flat())
    : [];
  if (proofs.some((proof) => proof?.type === CREDENTIAL)) return CREDENTIAL;
  return hasOwn(value, "format") && typeof value.format === "string" ? value.format : "";
}

/** @type {(packed: Bytes) => { data: Bytes, more: boolean }} */
function unpacked(packed) {
  const found = unpack(packed, FILE_BYTES_MAX, "gzip");
  if (found === null || (!found.more && found.end !== packed.length)) throw damaged(GZIP);
  return found;
}

/** @type {(bytes: Bytes) => Bytes} */
function stripped(bytes) {
  let at = 0;
  while (at < bytes.length && isSpace(bytes[at])) at += 1;
  return bytes.subarray(at);
}

/** @type {(line: Bytes) => unknown} */
function parsed(line) {
  try {
    return parseJson(line, FILE_BYTES_MAX);
  } catch (error) {
    if (error instanceof Refused) return null;
    throw error;
  }
}

/** @type {(bytes: Bytes) => unknown} */
function documentOf(bytes) {
  if (bytes.length === 0) throw noProof(EMPTY);
  try {
    return parseJson(bytes, FILE_BYTES_MAX);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const wide = UTF_16S.some((begin) => beginsWith(bytes, begin));
    const text = textOf(wide ? bytes.filter((byte) => byte !== 0) : bytes);
    const plain = wide ? text.replace(/^[\u00ff\u00fe \t\r\n]+/, "") : text;
    const ours = OURS.some((mark) => plain.includes(mark));
    if (plain[0] !== "{" || !(ours || plain.includes(BADGE))) throw noProof(FOREIGN);
    // Who repeats a name on purpose wants it read in two ways; no accident looks so.
    if (error.code === "TOO_LARGE" || isJson(bytes)) throw ours ? error : noProof(FOREIGN);
    throw damaged(wide ? UTF_16 : CUT);
  }
}
