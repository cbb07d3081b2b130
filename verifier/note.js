// Signed notes, checkpoints and proof files of C2SP, with Ed25519 signatures of the log.
import { equal, fromBase64, sha256, unhex, utf8 } from "./bytes.js";
import { demand } from "./checks.js";

/** @import { AnyCharter, Bytes, Head, TlogProof } from "./shapes.d.ts" */

const NOTE_MAX = 65536;
const SIGNATURES_MAX = 64;
// Longest inclusion path.
export const PATH_MAX = 63;
const DASH = "\u2014 ";

/** @type {(text: string) => Bytes} */
function base64(text) {
  const found = fromBase64(text);
  demand(found !== null, "base64 is not in its one spelling");
  return found;
}

/** @type {(text: string) => bigint} */
function integer(text) {
  demand(/^(?:0|[1-9][0-9]{0,18})$/.test(text), "a number is not in its one spelling");
  return BigInt(text);
}

/** @type {(text: string) => string[]} */
const lines = (text) => text.split("\n");

// {index, path, checkpoint} of a proof file.
/** @type {(text: string) => TlogProof} */
export function parseProof(text) {
  const split = text.indexOf("\n\n");
  const [header, index, ...path] = lines(text.slice(0, Math.max(split, 0)));
  demand(header === "c2sp.org/tlog-proof@v1" && index !== undefined, "not a tlog-proof file");
  const shape = index.startsWith("index ") && path.length <= PATH_MAX;
  demand(shape, "the proof's index or path is malformed");
  const hashes = path.map(base64);
  demand(
    hashes.every((hash) => hash.length === 32),
    "a hash of the path is not 32 bytes",
  );
  return { index: integer(index.slice(6)), path: hashes, checkpoint: text.slice(split + 2) };
}

// {origin, size, root} of a checkpoint that the log key of a charter signed under its origin.
/** @type {(note: string, charter: Pick<AnyCharter, "origin" | "log_key">) => Promise<Head>} */
export async function openCheckpoint(note, { origin, log_key: key }) {
  const text = await openNote(note, origin, unhex(key));
  const [first, size, root, end, ...more] = lines(text);
  const three = first && root !== undefined && end === "" && more.length === 0;
  demand(three, "a checkpoint has exactly three lines");
  const bytes = base64(root);
  demand(bytes.length === 32, "a root has 32 bytes");
  const found = { origin: first, size: integer(size), root: bytes };
  demand(first === origin, "the checkpoint is of another log");
  return found;
}

// The text of a note that `name` signed: unknown signatures are ignored, a bad one is not.
/** @type {(note: string, name: string, key: Bytes) => Promise<string>} */
export async function openNote(note, name, key) {
  demand(!/\p{Cs}/u.test(note), "the note is not UTF-8");
  const split = note.lastIndexOf("\n\n");
  const whole = utf8(note).length <= NOTE_MAX && split >= 0 && note.endsWith("\n");
  demand(whole, "not a signed note");
  demand(!/[\u0000-\u0009\u000b-\u001f]/.test(note), "the note has control characters");
  const text = note.slice(0, split + 1);
  const found = lines(note.slice(split + 2, -1));
  demand(found.length <= SIGNATURES_MAX, "the note has too many signatures");
  const wanted = (await sha256(utf8(`${name}\n\x01`), key)).subarray(0, 4);
  let signed = false;
  for (const [signer, signature] of found.map(signatureLine)) {
    if (signer === name && equal(signature.subarray(0, 4), wanted)) {
      const right = await verifyEd25519(key, signature.subarray(4), utf8(text));
      demand(right, "the log's signature does not hold");
      signed = true;
    }
  }
  demand(signed, `no signature of ${name.slice(0, 100)}`);
  return text;
}

/** @type {(line: string) => [name: string, signature: Bytes]} */
function signatureLine(line) {
  const [name, text, ...more] = line.slice(DASH.length).split(" ");
  const right = line.startsWith(DASH) && name && text !== undefined && more.length === 0;
  demand(right, "a signature line is malformed");
  const signature = base64(text);
  demand(signature.length >= 5, "a signature is too short");
  return [name, signature];
}

// By WebCrypto; browsers before 2025 lack Ed25519, there the library does it.
/** @type {(key: Bytes, signature: Bytes, message: Bytes) => Promise<boolean>} */
export async function verifyEd25519(key, signature, message) {
  let imported;
  try {
    imported = await crypto.subtle.importKey("raw", key, "Ed25519", false, ["verify"]);
  } catch (error) {
    if (/** @type {Error} */ (error).name !== "NotSupportedError") return false;
    const { verifyAsync } = await import("@noble/ed25519");
    try {
      return await verifyAsync(signature, message, key, { zip215: false });
    } catch {
      return false;
    }
  }
  return crypto.subtle.verify("Ed25519", imported, signature, message);
}
