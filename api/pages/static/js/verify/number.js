// The number printed below a QR code, for whoever has no camera. The site says which record has it;
// the record's own proof is judged here. What the site says of the hours in it can only make it worse.
import { t } from "./words.js";

/** @import { Known, Shown } from "../shapes.d.ts" */

const LENGTH_MAX = 40;
const CHANGED = ["disputed", "amended", "void"];

// As it is printed: capitals in groups of four, whatever dashes and spaces were typed.
/** @type {(text: string) => string} */
export function spelled(text) {
  const plain = text
    .normalize("NFKC")
    .trim()
    .toUpperCase()
    .replace(/\s*[-‐-―−]\s*/g, "-");
  const letters = plain.replace(/[-\s]/g, "");
  return /^[2-9A-Z]{12}$/.test(letters) ? /** @type {string[]} */ (letters.match(/.{4}/g)).join("-") : plain;
}

/** @type {(note: string) => Shown} */
const unknown = (note) =>
  /** @type {Shown} */ ({
    verdict: "unknown",
    document: null,
    checks: [],
    facts: /** @type {Known} */ ({}),
    note,
  });

// The report on the certificate with a number; `judgeRecord` makes one of a record id.
/** @type {(text: string, judgeRecord: (record: string) => Promise<Shown>) => Promise<Shown>} */
export async function byNumber(text, judgeRecord) {
  const number = spelled(text);
  if (number === "" || number.length > LENGTH_MAX || /[:#/\\]/.test(number)) {
    return unknown(t("This is no number of a certificate, no id of a record and no link of a QR code."));
  }
  const answer = await fetch(`/v1/certificates/numbered/${encodeURIComponent(number)}`);
  if (answer.status === 404) {
    return unknown(
      t("There is no certificate with this number. Compare it with the paper, letter by letter."),
    );
  }
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
  const [item, ...more] = (await answer.json()).items;
  if (more.length > 0) {
    return {
      ...unknown(t("Several organisations gave this number: scan the code or choose the file.")),
      verdict: "unchecked",
    };
  }
  const report = await judgeRecord(item.record_id);
  if (report.facts.number !== number) {
    return {
      ...unknown(t("What the site gave is not the certificate with this number.")),
      verdict: "unchecked",
    };
  }
  const worse =
    CHANGED.includes(item.state) && ["valid", "pending", "disowned", "unchecked"].includes(report.verdict);
  if (!worse) return report;
  return {
    ...report,
    verdict: item.state,
    note: t("By the word of this site: something became of an hour in it. The file proves which."),
  };
}
