// A file is of its day: what it is about may have been anchored, amended or voided since. The site is
// asked for the newest proof of the same record, and that is judged here too. It counts only if it
// holds, is of the same ledger, record and claims, and is no older: a site that lies can keep news
// back, but cannot make good what is not.
import { hex, unhex, utf8 } from "../../verifier/bytes.js";
import { ledgerProofOf } from "../../verifier/credential.js";
import { canonical } from "../../verifier/json.js";

/** @import { Bytes, JsonObject } from "../../verifier/shapes.d.ts" */
/** @import { Shown } from "../shapes.d.ts" */

// What is void or amended never counts again; any other verdict may become anything.
const ENDED = ["void", "amended"];
const CHANGED = ["void", "amended", "disputed"];
const ROWS_MAX = 60;

// Whether a report is about a record that has an id, of which there may be a newer proof.
/** @type {(report: { document: string | null }) => boolean} */
export const isOfRecord = ({ document: kind }) => kind === "record" || kind === "certificate";

// `own`: the report on a file, with `value`, what the file holds. `fetched({record, code})` asks the
// site, `judge(bytes)` makes a report of what it answers. Gives {report, news}: the report that counts,
// and what came of asking: `none` (not asked: not a file of this ledger, or invalid), `newer`, `same`,
// `missing` (the site has none of it), `unfit` (what it gave does not hold) or `silent`.
/**
 * @typedef {"none" | "newer" | "same" | "missing" | "unfit" | "silent"} News
 * @typedef {(record: string, code?: string | null) => Promise<Shown | null>} Ask
 */
/**
 * @type {(
 *   own: Shown, ledger: string | undefined,
 *   fetched: (named: { record: string, code: string | null }) => Promise<Response>,
 *   judge: (bytes: Bytes) => Promise<Shown>,
 * ) => Promise<{ report: Shown, news: News }>}
 */
export async function newestOf(own, ledger, fetched, judge) {
  const { record_id: record, ledger: named } = own.facts;
  if (["invalid", "unpinned"].includes(own.verdict) || !isOfRecord(own) || named.id !== ledger)
    return { report: own, news: "none" };
  /** @type {Ask} */
  const ask = async (record, code = null) => {
    const answer = await fetched({ record, code });
    if (answer.status === 404) return null;
    if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
    return judge(new Uint8Array(await answer.arrayBuffer()));
  };
  try {
    const found = own.document === "certificate" ? await certificateNow(own, ask) : await ask(record);
    if (found === null) return { report: own, news: "missing" };
    if (found.verdict === "unchecked")
      return { report: own, news: own.verdict === "unchecked" ? "none" : "silent" };
    if (!follows(own, found)) return { report: own, news: "unfit" };
    // The newest batch may wait for its chain while an older one, of the file, is there already.
    if (own.verdict === "valid" && found.verdict === "pending") return { report: own, news: "same" };
    return { report: found, news: found.verdict === own.verdict ? "same" : "newer" };
  } catch (error) {
    console.warn(error);
    return { report: own, news: "silent" };
  }
}

// The code that opens a certificate's file at its issuer: the one in its QR code. It follows from the
// salt, which the issuer holds too.
/** @type {(salt: string) => Promise<string>} */
export async function codeOf(salt) {
  const how = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", unhex(salt), how, false, ["sign"]);
  const made = await crypto.subtle.sign("HMAC", key, utf8("hourledger fetch code"));
  return hex(new Uint8Array(made).subarray(0, 16)).slice(2);
}

/** @type {(own: Shown, ask: Ask) => Promise<Shown | null>} */
async function certificateNow(own, ask) {
  const whole = await ask(
    own.facts.record_id,
    await codeOf(/** @type {{ salt: string }} */ (ledgerProofOf(/** @type {JsonObject} */ (own.value))).salt),
  );
  return whole ?? partsNow(own, ask);
}

// An issuer may be elsewhere, or its holder may have had the file destroyed: that must not bring a
// revoked certificate back. So its record, and that of each service in it, is asked for alone.
/** @type {(own: Shown, ask: Ask) => Promise<Shown | null>} */
async function partsNow(own, ask) {
  const parts = [own.facts, ...own.facts.rows].map((part) => part.record_id);
  if (parts.length > ROWS_MAX) return null;
  for (const part of parts) {
    const found = await ask(part);
    const same = found?.facts.record_id === part && found.facts.ledger.id === own.facts.ledger.id;
    if (found === null || !same) return null;
    if (CHANGED.includes(found.verdict)) return changedBy(own, part, found);
    if (!["valid", "pending"].includes(found.verdict)) return null;
  }
  return own;
}

// The report on a certificate of which one part has changed since.
/** @type {(own: Shown, part: string, found: Shown) => Shown} */
function changedBy(own, part, { verdict, checks, facts: { change, as_of, log_size } }) {
  const facts = { ...own.facts, as_of, log_size };
  if (change) facts.change = { ...change, of: part };
  return { ...own, verdict, checks, facts };
}

/** @type {(own: Shown, found: Shown) => boolean} */
function follows(own, found) {
  /** @type {(report: Shown) => number} */
  const size = ({ facts }) => facts.log_size ?? 0;
  const same =
    found.facts.record_id === own.facts.record_id && found.facts.ledger?.id === own.facts.ledger.id;
  const holds = found.verdict !== "invalid" && same && claims(found) === claims(own);
  const lasting = !ENDED.includes(own.verdict) || ENDED.includes(found.verdict);
  return holds && lasting && size(found) >= size(own);
}

// All that the issuer of a certificate signed; of a bundle, the record itself is what its id names.
/** @type {(report: Shown) => string} */
function claims({ document: kind, value }) {
  const { proof: _, ...signed } = /** @type {JsonObject} */ (value);
  return kind === "certificate" ? canonical(signed) : "";
}
