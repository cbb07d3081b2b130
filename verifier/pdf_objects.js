// The objects of a PDF file as values (ISO 32000-1 7.3): a strict reader of hostile text, of one
// character for each byte. A real number is NaN and a string is "", for no rule asks what they say.

/** @import { Bytes, PdfDictionary, PdfValue } from "./shapes.d.ts" */

const DEPTH_MAX = 32;
const REGULAR = "[^\\0\\t\\n\\f\\r ()<>\\[\\]{}/%]";
const SPACE = "[\\0\\t\\n\\f\\r ]+";
const NAME = new RegExp(`/(${REGULAR}*)`, "y");
const WORD = new RegExp(`${REGULAR}+`, "y");
const REF = new RegExp(`([0-9]{1,10})${SPACE}([0-9]{1,5})${SPACE}R(?!${REGULAR})`, "y");
const HEADER = new RegExp(`([0-9]{1,10})${SPACE}([0-9]{1,5})${SPACE}obj(?!${REGULAR})`, "y");
const INTEGER = /^[+-]?[0-9]{1,15}$/;
const REAL = /^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)$/;
const WORDS = new Map([
  ["null", null],
  ["true", true],
  ["false", false],
]);

// One character for each byte, whichever.
/** @type {(bytes: Bytes) => string} */
export const textOf = (bytes) => new TextDecoder("latin1").decode(bytes);

// The bytes are no PDF that is read here.
export class Broken extends Error {}

/** @type {(holds: unknown) => asserts holds} */
export const demand = (holds) => {
  if (!holds) throw new Broken();
};

export class Name {
  /** @param {string} text */
  constructor(text) {
    this.text = text;
  }
}

export class Ref {
  /** @param {number | string} number @param {number | string} generation */
  constructor(number, generation) {
    this.number = Number(number);
    this.generation = Number(generation);
  }
}

// `about` is its dictionary, a Map; `start` the place where its bytes begin.
export class Stream {
  /** @param {PdfDictionary} about @param {number} start */
  constructor(about, start) {
    this.about = about;
    this.start = start;
  }
}

/** @type {(value: unknown, text: string) => boolean} */
export const isName = (value, text) => value instanceof Name && value.text === text;

// Reads values at `at`, and leaves `at` behind them. Throws `Broken`.
export class Objects {
  /** @param {string} text @param {number} [at] */
  constructor(text, at = 0) {
    demand(at >= 0 && at <= text.length);
    this.text = text;
    this.at = at;
  }

  // White space and comments.
  skip() {
    for (; this.at < this.text.length; this.at += 1) {
      const next = this.text[this.at];
      if (next === "%")
        while (this.at + 1 < this.text.length && !"\r\n".includes(this.text[this.at + 1])) this.at += 1;
      else if (!"\0\t\n\f\r ".includes(next)) return;
    }
  }

  // Passes what matches here; null if nothing does.
  /** @type {(pattern: RegExp) => RegExpExecArray | null} */
  take(pattern) {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (found !== null) this.at = pattern.lastIndex;
    return found;
  }

  // Whether this word comes next; then it is passed.
  /** @type {(wanted: string) => boolean} */
  word(wanted) {
    this.skip();
    const before = this.at;
    if (this.take(WORD)?.[0] === wanted) return true;
    this.at = before;
    return false;
  }

  // An object with its number, and no more than that: [reference, a value or a `Stream`].
  /** @type {() => [Ref, PdfValue]} */
  indirect() {
    this.skip();
    const header = this.take(HEADER);
    demand(header !== null);
    let value = this.value();
    if (value instanceof Map && this.word("stream")) {
      const end = this.text.slice(this.at, this.at + 2);
      demand(end === "\r\n" || end[0] === "\n");
      value = new Stream(value, this.at + (end === "\r\n" ? 2 : 1));
    } else demand(this.word("endobj"));
    return [new Ref(header[1], header[2]), value];
  }

  /** @type {(depth?: number) => PdfValue} */
  value(depth = 0) {
    demand(depth <= DEPTH_MAX);
    this.skip();
    const kind = this.text[this.at];
    if (this.text.startsWith("<<", this.at)) return this.dictionary(depth);
    if (kind === "[") return this.array(depth);
    if (kind === "/") return this.name();
    if (kind === "(") return this.string();
    if (kind === "<") return this.hexString();
    const reference = this.take(REF);
    if (reference !== null) return new Ref(reference[1], reference[2]);
    return this.plain();
  }

  /** @type {() => number | boolean | null} */
  plain() {
    const found = /** @type {string} */ (this.take(WORD)?.[0]);
    if (INTEGER.test(found)) return Number(found);
    if (REAL.test(found)) return NaN;
    demand(WORDS.has(found));
    return /** @type {boolean | null} */ (WORDS.get(found));
  }

  // A name that comes twice is refused: two readers may take different ones.
  /** @type {(depth: number) => PdfDictionary} */
  dictionary(depth) {
    this.at += 2;
    const found = new Map();
    for (;;) {
      this.skip();
      if (this.text.startsWith(">>", this.at)) break;
      const { text } = this.name();
      demand(!found.has(text));
      found.set(text, this.value(depth + 1));
    }
    this.at += 2;
    return found;
  }

  /** @type {(depth: number) => PdfValue[]} */
  array(depth) {
    this.at += 1;
    const found = [];
    for (;;) {
      this.skip();
      if (this.text[this.at] === "]") break;
      found.push(this.value(depth + 1));
    }
    this.at += 1;
    return found;
  }

  /** @type {() => Name} */
  name() {
    const found = this.take(NAME);
    demand(found !== null && !/#(?![0-9A-Fa-f]{2})/.test(found[1]));
    return new Name(found[1].replace(/#(..)/g, (_, digits) => textOf(Uint8Array.of(parseInt(digits, 16)))));
  }

  hexString() {
    const end = this.text.indexOf(">", this.at);
    demand(end >= 0 && /^[0-9A-Fa-f\0\t\n\f\r ]*$/.test(this.text.slice(this.at + 1, end)));
    this.at = end + 1;
    return "";
  }

  string() {
    this.at += 1;
    for (let depth = 1; depth > 0; this.at += 1) {
      demand(this.at < this.text.length);
      const next = this.text[this.at];
      if (next === "\\") this.at += 1;
      if (next === "(") depth += 1;
      if (next === ")") depth -= 1;
    }
    return "";
  }
}
