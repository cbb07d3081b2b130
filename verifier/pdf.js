// The proof file inside a PDF, by one rule that every verifier follows (docs/spec/proofs.md): nothing is
// forgiven, and nothing is looked for but along references from the end of the file.
import { unpack } from "./inflate.js";
import { Broken, demand, isName, Objects, Ref, Stream, textOf } from "./pdf_objects.js";
import { damaged, noProof, PDF_BROKEN, PDF_EMPTY, PDF_ENCRYPTED, PDF_SEVERAL } from "./unreadable.js";

/** @import { Bytes, PdfDictionary, PdfValue } from "./shapes.d.ts" */

/**
 * Where an object stands: its form (0: nowhere, 1: by itself, 2: in a pack), the place or the pack, and the
 * generation or the index in the pack.
 * @typedef {[form: number, where: number, which: number]} Place
 * @typedef {{ text: string, places: [number: number, at: number][] }} Pack
 */

const FILE_BYTES_MAX = 32 * 1024 * 1024;
const PDF_BYTES_MAX = 48 * 1024 * 1024;
const UNPACKED_MAX = 2 * FILE_BYTES_MAX;
const PREDICTED_MAX = 8 * 1024 * 1024;
const [SECTIONS_MAX, NODES_MAX, PACK_MAX, REFERENCES_MAX, TAIL] = [256, 64, 20_000, 8, 2048];
const START = /startxref[\0\t\n\f\r ]+([0-9]{1,10})[\0\t\n\f\r ]+%%EOF/y;
const SUBSECTION = /([0-9]{1,10})[\t ]+([0-9]{1,10})(?=[\t\r\n ])/y;
const ENTRY = /([0-9]{10})[\t ]+([0-9]{5})[\t ]+([nf])(?=[\t\r\n ])/y;
const FREE = [0, 0, 0];

/** @type {(value: unknown) => value is number} */
const isCount = (value) => Number.isInteger(value) && /** @type {number} */ (value) >= 0;
/** @type {(value: PdfValue) => PdfDictionary} */
const dictionary = (value) => {
  demand(value instanceof Map);
  return value;
};
/** @type {(value: PdfValue) => PdfValue[]} */
const array = (value) => {
  demand(value === null || Array.isArray(value));
  return value ?? [];
};
// What a list of one holds; nothing for an empty one; a value that is no list as it is.
/** @type {(value: PdfValue) => PdfValue} */
const one = (value) => {
  demand(!Array.isArray(value) || value.length < 2);
  return Array.isArray(value) ? (value[0] ?? null) : value;
};

// The bytes of the one file that is attached to a PDF. Throws `Unreadable` where there is none, or more
// than one, or where the PDF cannot be read here.
/** @type {(bytes: Bytes) => Bytes} */
export function attachedFile(bytes) {
  try {
    demand(bytes.length <= PDF_BYTES_MAX);
    return new Pdf(bytes).attached();
  } catch (error) {
    if (error instanceof Broken) throw damaged(PDF_BROKEN);
    throw error;
  }
}

class Pdf {
  /** @param {Bytes} bytes */
  constructor(bytes) {
    this.bytes = bytes;
    this.text = textOf(bytes);
    /** @type {Map<number, Place>} */
    this.places = new Map();
    /** @type {Map<number, Pack>} */
    this.packs = new Map();
    this.unpacked = 0;
    this.depth = 0;
    this.readSections();
  }

  /** @type {() => Bytes} */
  attached() {
    const files = this.files();
    if (files.length === 0) throw noProof(PDF_EMPTY);
    if (files.length > 1) throw damaged(PDF_SEVERAL);
    const held = dictionary(this.get(dictionary(this.resolved(files[0])), "EF"));
    const [plain, unicode] = [held.get("F") ?? null, held.get("UF")];
    if (unicode !== undefined && !same(unicode, plain)) throw damaged(PDF_SEVERAL);
    const stream = this.get(held, "F");
    demand(stream instanceof Stream);
    return this.unpack(stream);
  }

  // The file specifications in the tree of names (7.9.6), the second of which is enough.
  /** @type {() => PdfValue[]} */
  files() {
    const names = this.get(dictionary(this.resolved(/** @type {PdfValue} */ (this.root))), "Names");
    const tree = names === null ? null : this.get(dictionary(names), "EmbeddedFiles");
    /** @type {PdfValue[][]} */
    const [waiting, found] = [tree === null ? [] : [tree], []];
    for (let nodes = 0; nodes < NODES_MAX; nodes += 1) {
      if (waiting.length === 0 || found.length > 1) return found;
      const node = dictionary(this.resolved(/** @type {PdfValue} */ (waiting.pop())));
      for (const kid of array(this.get(node, "Kids"))) waiting.push(kid);
      const pairs = array(this.get(node, "Names"));
      demand(pairs.length % 2 === 0);
      for (let at = 1; at < pairs.length; at += 2) found.push(pairs[at]);
    }
    throw new Broken();
  }

  // Where the objects stand (7.5.4, 7.5.8): what was written last counts.
  readSections() {
    START.lastIndex = this.text.lastIndexOf("startxref");
    const start = START.lastIndex >= Math.max(0, this.text.length - TAIL) ? START.exec(this.text) : null;
    demand(start !== null);
    const seen = new Set();
    for (let at = /** @type {number | null} */ (Number(start[1])); at !== null;) {
      demand(!seen.has(at) && seen.size < SECTIONS_MAX);
      seen.add(at);
      const trailer = this.readSection(at);
      if ((trailer.get("Encrypt") ?? null) !== null) throw damaged(PDF_ENCRYPTED);
      if (seen.size === 1) this.root = trailer.get("Root") ?? null;
      at = /** @type {number | null} */ (trailer.get("Prev") ?? null);
      demand(at === null || Number.isInteger(at));
    }
  }

  /** @type {(at: number) => PdfDictionary} */
  readSection(at) {
    const objects = new Objects(this.text, at);
    if (!objects.word("xref")) return this.readStreamSection(at);
    const found = new Map();
    while (!objects.word("trailer")) {
      const head = objects.take(SUBSECTION);
      demand(head !== null);
      const first = Number(head[1]);
      for (let number = first; number < first + Number(head[2]); number += 1) {
        objects.skip();
        const entry = objects.take(ENTRY);
        demand(entry !== null);
        found.set(number, entry[3] === "n" ? [1, Number(entry[1]), Number(entry[2])] : FREE);
      }
    }
    const trailer = dictionary(objects.value());
    // What a file for older readers too keeps from them stands in a stream, and counts first.
    if (trailer.has("XRefStm")) {
      demand(Number.isInteger(trailer.get("XRefStm")));
      this.readStreamSection(/** @type {number} */ (trailer.get("XRefStm")));
    }
    this.add(found);
    return trailer;
  }

  /** @type {(found: Map<number, Place>) => void} */
  add(found) {
    for (const [number, place] of found) if (!this.places.has(number)) this.places.set(number, place);
  }

  /** @type {(at: number) => PdfDictionary} */
  readStreamSection(at) {
    const [, stream] = new Objects(this.text, at).indirect();
    demand(stream instanceof Stream && isName(stream.about.get("Type"), "XRef"));
    const { about } = stream;
    const widths = /** @type {number[] | undefined} */ (about.get("W"));
    demand(
      Array.isArray(widths) && widths.length === 3 && widths.every((width) => isCount(width) && width <= 8),
    );
    const ranges = /** @type {number[]} */ (about.has("Index") ? about.get("Index") : [0, about.get("Size")]);
    demand(Array.isArray(ranges) && ranges.length % 2 === 0 && ranges.every(isCount));
    const [rows, length, found] = [this.unpack(stream), widths[0] + widths[1] + widths[2], new Map()];
    let place = 0;
    for (let range = 0; range < ranges.length; range += 2) {
      const first = ranges[range];
      for (let number = first; number < first + ranges[range + 1]; number += 1) {
        demand(length > 0 && place + length <= rows.length);
        const fields = widths.map((width) => {
          place += width;
          return rows.subarray(place - width, place).reduce((sum, next) => sum * 256 + next, 0);
        });
        const kind = widths[0] > 0 ? fields[0] : 1;
        found.set(number, kind === 1 || kind === 2 ? [kind, fields[1], fields[2]] : FREE);
      }
    }
    this.add(found);
    return about;
  }

  /** @type {(held: PdfDictionary, name: string) => PdfValue} */
  get(held, name) {
    return this.resolved(held.get(name) ?? null);
  }

  // What a reference leads to: null where there is nothing; any other value as it is.
  /** @type {(value: PdfValue) => PdfValue} */
  resolved(value) {
    if (!(value instanceof Ref)) return value;
    const [kind, where, which] = this.places.get(value.number) ?? FREE;
    if (kind === 0) return null;
    // A length may stand in a stream whose length stands in a stream …
    demand(this.depth < REFERENCES_MAX);
    this.depth += 1;
    const [read, found] = kind === 2 ? this.packed(where, which) : new Objects(this.text, where).indirect();
    this.depth -= 1;
    demand(same(read, value) && !(found instanceof Ref) && (kind === 2 || which === value.generation));
    return found;
  }

  // An object in a stream of objects (7.5.7).
  /** @type {(pack: number, index: number) => [Ref, PdfValue]} */
  packed(pack, index) {
    if (!this.packs.has(pack)) this.packs.set(pack, this.readPack(pack));
    const { text, places } = /** @type {Pack} */ (this.packs.get(pack));
    demand(index < places.length);
    const [number, at] = places[index];
    return [new Ref(number, 0), new Objects(text, at).value()];
  }

  /** @type {(number: number) => Pack} */
  readPack(number) {
    const [kind, , generation] = this.places.get(number) ?? FREE;
    const stream = kind === 1 ? this.resolved(new Ref(number, generation)) : null;
    demand(stream instanceof Stream && isName(stream.about.get("Type"), "ObjStm"));
    const [count, first] = ["N", "First"].map((name) => this.get(stream.about, name));
    demand(isCount(count) && count <= PACK_MAX && isCount(first));
    const text = textOf(this.unpack(stream));
    const head = new Objects(text);
    /** @type {Pack["places"]} */
    const places = [];
    for (let at = 0; at < count; at += 1) {
      const [held, place] = [head.value(), head.value()];
      demand(isCount(held) && isCount(place));
      places.push([held, first + place]);
    }
    return { text, places };
  }

  // The bytes of a stream: as they stand, or packed once, with zlib.
  /** @type {(stream: Stream) => Bytes} */
  unpack({ about, start }) {
    const length = this.get(about, "Length");
    demand(isCount(length) && !about.has("F"));
    const end = start + length;
    demand(end <= this.bytes.length && new Objects(this.text, end).word("endstream"));
    let data = this.bytes.subarray(start, end);
    const [filter, settings] = ["Filter", "DecodeParms"].map((name) => one(this.get(about, name)));
    if (filter !== null) {
      demand(isName(filter, "FlateDecode"));
      const found = unpack(data, FILE_BYTES_MAX);
      demand(found !== null && !found.more);
      data = found.data;
    }
    this.unpacked += data.length;
    demand(this.unpacked <= UNPACKED_MAX);
    const resolved = this.resolved(settings);
    return resolved === null ? data : unpredicted(data, dictionary(resolved));
  }
}

/** @type {(one: unknown, other: unknown) => boolean} */
const same = (one, other) =>
  one instanceof Ref &&
  other instanceof Ref &&
  one.number === other.number &&
  one.generation === other.generation;

// The bytes of rows that say how they differ from their neighbours (7.4.4.4, PNG), by the filters that
// cross-references are written with.
/** @type {(data: Bytes, settings: PdfDictionary) => Bytes} */
function unpredicted(data, settings) {
  const usual = { Predictor: 1, Columns: 1, Colors: 1, BitsPerComponent: 8 };
  const [predictor, columns, colours, bits] = /** @type {number[]} */ (
    Object.entries(usual).map(([name, value]) => (settings.has(name) ? settings.get(name) : value))
  );
  demand([predictor, columns, colours, bits].every(Number.isInteger));
  if (predictor === 1) return data;
  demand(predictor >= 10 && predictor <= 15 && colours === 1 && bits === 8 && columns >= 1 && columns <= 64);
  demand(data.length <= PREDICTED_MAX && data.length % (columns + 1) === 0);
  const out = new Uint8Array((data.length / (columns + 1)) * columns);
  for (let row = 0; row * (columns + 1) < data.length; row += 1) {
    const kind = data[row * (columns + 1)];
    demand(kind <= 2);
    for (let column = 0; column < columns; column += 1) {
      const at = row * columns + column;
      const before = kind === 1 && column > 0 ? out[at - 1] : kind === 2 && row > 0 ? out[at - columns] : 0;
      out[at] = data[row * (columns + 1) + 1 + column] + before;
    }
  }
  return out;
}
