// What each verdict is called, and what it says of each kind of file.
import * as unread from "../../verifier/unreadable.js";
import { date, doneText, t } from "./words.js";

/** @import { Known, Shown } from "../shapes.d.ts" */

// Verdict → mark, word, sentence. Only `valid` is green.
/** @type {Record<Shown["verdict"], [mark: string, word: string, sentence: string]>} */
export const VERDICTS = {
  valid: ["✓", t("Valid"), t("The record is in the ledger and was not changed since.")],
  pending: ["…", t("Pending"), t("Accepted, but not anchored deep enough yet. Check again later.")],
  amended: ["↻", t("Amended"), t("A newer version exists.")],
  broken: [
    "✕",
    t("Promise broken"),
    t("The ledger's key promised to hold a record, and signed a log that does not hold it."),
  ],
  unpinned: [
    "≟",
    t("Unknown ledger"),
    t("Nobody whom you trust has named this ledger: anybody can found one, under any name."),
  ],
  void: ["⊘", t("Void"), t("The record was voided and counts no longer.")],
  disputed: ["!", t("Disputed"), t("An objection is open, or a key behind the record was revoked.")],
  disowned: [
    "↶",
    t("Taken back"),
    t("The ledger took the anchor of this file back, for all to see. Ask it for a fresh proof."),
  ],
  unchecked: ["?", t("Not checked"), t("Not everything could be checked: neither valid nor invalid.")],
  no_proof: [
    "–",
    t("No proof"),
    t("There is no proof of ours in this file. Whatever it says, nothing here proves it."),
  ],
  damaged: [
    "?",
    t("Damaged"),
    t(
      "The file cannot be read, so nothing was checked. Download it again, or ask for it again, and do not open it in an editor.",
    ),
  ],
  unknown: ["?", t("Unknown"), t("This ledger has no such record or certificate.")],
  invalid: ["✕", t("Invalid"), t("The proof does not hold.")],
};

/** @type {(verdict: Shown["verdict"]) => string} */
export const verdictWord = (verdict) => VERDICTS[verdict][1];

// Why no proof could be read from a file, in the words of both verifiers.
/** @type {Record<string, string>} */
export const UNREAD = {
  [unread.EMPTY]: t("The file is empty."),
  [unread.FOREIGN]: t("The file is of another kind."),
  [unread.NEWER]: t("Its form is not known here; a newer program may know it."),
  [unread.BARE]: t("It is for other programs: here the whole certificate file is checked."),
  [unread.TOO_LONG]: t("It is longer than any proof file."),
  [unread.PDF_EMPTY]: t("There is no proof file in this PDF: was it printed, encrypted or saved anew?"),
  [unread.CUT]: t("It begins like a proof file, and is cut, or was changed by an editor."),
  [unread.UTF_16]: t("An editor saved it as UTF-16."),
  [unread.GZIP]: t("It is packed with gzip, and cut, or something stands behind its end."),
  [unread.PDF_BROKEN]: t("This PDF is cut, or was changed by another program."),
  [unread.PDF_SEVERAL]: t("There are several proof files in this PDF: it cannot be said which counts."),
};

// What `valid` says of a kind of document, where it is not the proof of a single record.
/** @type {Record<string, string>} */
const VALID = {
  certificate: t("The ledger holds these hours as the certificate states them."),
  transcript: t(
    "The ledger holds these entries of the account, no more and no fewer. Which organisations were certified, and whom they let sign, is not shown here.",
  ),
  receipt: t(
    "The ledger keeps its promise: the record stands in its log. What became of it since, its proof says.",
  ),
  account: t("The ledger committed to these totals, the same for everybody."),
};

// Whose a file is, and of an unknown ledger what it would be by that one's own word.
/** @type {(ledger: Known["ledger"], within: Shown["verdict"] | null | undefined) => string[]} */
export function whoseText({ id, named }, within) {
  if (!named) {
    const word = verdictWord(within ?? "unchecked");
    return [
      t("Unknown ledger {id}", { id }),
      t("By the word of that ledger alone it would be: {word}", { word }),
    ];
  }
  if (named.by === "hand") return [];
  return [t("the ledger of {host}, by its own site", { host: named.host })];
}

/** @type {(verdict: Shown["verdict"], kind: string | null, facts: Known) => string | null} */
export function sentenceOf(verdict, kind, facts) {
  if (verdict === "pending" && facts.claimed) {
    return t(
      "The ledger's log has signed nothing of this file: that the ledger took the record, and when, the file alone claims. A record that was voided looks the same without its batch. Ask the ledger for a fresh proof.",
    );
  }
  if (verdict === "valid") return VALID[kind ?? ""] ?? null;
  if (facts.kind !== "certificate") return null;
  const whole = (facts.change?.of ?? facts.record_id) === facts.record_id;
  return (
    {
      void: whole ? t("The certificate was revoked.") : t("A service on the certificate was voided."),
      amended: whole
        ? t("A newer certificate replaces this one.")
        : t("A service on the certificate was amended."),
      disputed: t("An objection is open to a service on the certificate, or a key behind it was revoked."),
    }[/** @type {"void" | "amended" | "disputed"} */ (verdict)] ?? null
  );
}

const OF_HOURS = {
  record: { credit: t("Record of credit hours"), honour: t("Record of honour hours") },
  certificate: {
    credit: t("Certificate of credit hours"),
    honour: t("Certificate of honour hours"),
    both: t("Certificate of credit hours and honour hours"),
  },
};
/** @type {Record<string, string>} */
const OF_OTHERS = {
  transcript: t("Entries of an account"),
  account: t("Totals of an account"),
  receipt: t("Receipt of a record"),
};

// What a verdict is of, by what was checked: a record or a paper about hours of a class, never the service
// itself. Null where nothing is known.
/** @type {(kind: string | null, facts: Partial<Known>) => string | null} */
export function subjectOf(kind, facts) {
  if (facts.hour_class) return OF_HOURS.record[facts.hour_class];
  if (kind === "certificate" || facts.kind === "certificate") {
    const { credit_minutes: credit = 0, honour_minutes: honour = 0 } = facts;
    if (credit > 0) return honour > 0 ? OF_HOURS.certificate.both : OF_HOURS.certificate.credit;
    return honour > 0 ? OF_HOURS.certificate.honour : null;
  }
  return kind === "record" ? t("A record of the ledger") : (OF_OTHERS[kind ?? ""] ?? null);
}

// Who changed the record, what they say, and when: their word, never a finding.
/** @type {(facts: Pick<Known, "change" | "issuer">) => string} */
export function changeText({ change, issuer }) {
  const { accepted_at: accepted, issued_at: signed } = change;
  const when =
    accepted === null
      ? t("signed on {date}, not in the log yet", { date: date(/** @type {number} */ (signed)) })
      : t("since {date}", { date: date(accepted) });
  return `${doneText(change, issuer)} (${when})`;
}
