// Takes the proof file out of a PDF: the one stream of the type EmbeddedFile (ISO 32000-1 7.11.4). A
// stream is never inside another, so it is found without reading the rest of the document.
import { inflated } from "../../verifier/inflate.js";
import { FILE_BYTES_MAX } from "../../verifier/verify.js";
import { t } from "./words.js";

const PDF_BYTES_MAX = 48 * 1024 * 1024;

export class BadPdf extends Error {}

const demand = (holds, reason) => {
  if (!holds) throw new BadPdf(reason);
};

export const isPdf = (bytes) => String.fromCharCode(...bytes.subarray(0, 5)) === "%PDF-";

// The bytes of the attached file; throws `BadPdf`.
export async function attachedFile(bytes) {
  demand(bytes.length <= PDF_BYTES_MAX, t("The PDF is too large."));
  const text = new TextDecoder("latin1").decode(bytes);
  demand(!/\/Encrypt\b/.test(text.slice(-4096)), t("The PDF is encrypted."));
  const found = [...text.matchAll(/\/Type\s*\/EmbeddedFile\b/g)];
  demand(found.length > 0, t("No proof file is attached to this PDF. Was it printed or saved anew?"));
  demand(found.length === 1, t("Several files are attached to this PDF; it cannot be said which counts."));
  const at = found[0].index;
  const begin = text.lastIndexOf(" obj", at);
  const stream = /\bstream\r?\n/g;
  stream.lastIndex = at;
  const head = stream.exec(text);
  demand(begin >= 0 && head !== null, t("The PDF is damaged."));
  const dictionary = text.slice(begin, head.index);
  const length = lengthOf(dictionary, text);
  const start = head.index + head[0].length;
  demand(length > 0 && start + length <= bytes.length, t("The PDF is damaged."));
  const packed = bytes.subarray(start, start + length);
  const filter = /\/Filter\s*(?:\[\s*)?\/([A-Za-z0-9]+)/.exec(dictionary)?.[1];
  demand(filter === undefined || filter === "FlateDecode", t("The attached file is packed in an unknown way."));
  const file = filter ? await inflated(packed, FILE_BYTES_MAX) : packed;
  demand(file !== null, t("The attached file is damaged, or too large."));
  return file;
}

// The length stands in the dictionary, or in an object of its own.
function lengthOf(dictionary, text) {
  const [, number, generation] = /\/Length\s+(\d+)(?:\s+(\d+)\s+R)?/.exec(dictionary) ?? [];
  if (number === undefined || generation === undefined) return Number(number ?? 0);
  const object = new RegExp(`(?:^|\\s)${number}\\s+${generation}\\s+obj\\s+(\\d+)\\s+endobj`).exec(text);
  return Number(object?.[1] ?? 0);
}
