// The page: what the visitor hands in, what is asked of the chain, what is shown.
import { chainReader, relayed, rpc } from "../../verifier/chain.js";
import { verifyFile } from "../../verifier/verify.js";
import { FILES_MAX, numbersOf, showBatch } from "./batch.js";
import { readFragment, readNamed } from "./link.js";
import { isOfRecord, newestOf } from "./newest.js";
import { byNumber } from "./number.js";
import { pinsOf } from "./pins.js";
import { withHead } from "./promise.js";
import { element } from "./element.js";
import { reportView } from "./report.js";
import { verdictWord } from "./verdicts.js";
import { withoutCryptography } from "../shared/secure.js";
import { t } from "./words.js";

/** @import { Bytes, Chain } from "../../verifier/shapes.d.ts" */
/** @import { News } from "./newest.js" */
/** @import { Asked, Known, Named, Shown } from "../shapes.d.ts" */

/**
 * What is read of files whose checks hold.
 * @typedef {{ identifier?: { identityHash: string }[], "hourledger:purpose": string }} Subject
 * @typedef {{ credentialSubject: Subject, issuer: { name: string } }} Credential
 * @typedef {{ record: { entry: { record: { body: Record<string, unknown> } } } }} Certified
 */

/** @typedef {HTMLInputElement & { files: FileList }} Field */
/** @type {(id: string) => Field} */
const by = (id) => /** @type {Field} */ (document.getElementById(id));
const site = by("verify").dataset;
const result = by("result");

// Settings stay in this browser. A file on a disk may have no store; then they hold until it is closed.
/** @type {(input: HTMLInputElement, name: string) => void} */
function remember(input, name) {
  try {
    input.value = localStorage.getItem(name) ?? input.value;
    input.addEventListener("change", () => localStorage.setItem(name, input.value.trim()));
  } catch {
    // The setting is used all the same.
  }
}

// {read, name, site, asked}: the visitor's node before the site's, and whether it was asked; null without
// any. An address may hold a password or a key: its scheme and host are the name.
/** @type {() => Asked | null} */
function chain() {
  const node = by("node").value.trim();
  const name = shown(node);
  if (name !== null) return asking(chainReader(rpc(node)), name, false);
  if (node !== "" || !site.chain) return null;
  return asking(chainReader(relayed(site.chain)), t("the node of this site"), true);
}

// Scheme and host, as the program shows them; null for what is no address of a node.
/** @type {(node: string) => string | null} */
function shown(node) {
  try {
    const { protocol, hostname } = new URL(node);
    return /^https?:$/.test(protocol) ? `${protocol}//${hostname}` : null;
  } catch {
    return null;
  }
}

/** @type {(reader: Chain, name: string, isSite: boolean) => Asked} */
function asking(reader, name, isSite) {
  /** @type {Asked} */
  const node = {
    name,
    site: isSite,
    asked: false,
    read: (...anchor) => {
      node.asked = true;
      return reader(...anchor);
    },
  };
  return node;
}

/** @type {(verdict: Shown["verdict"], note: string | null) => Shown} */
const unread = (verdict, note) =>
  /** @type {Shown} */ ({ verdict, document: null, checks: [], facts: /** @type {Known} */ ({}), note });

/** @type {(bytes: Bytes, asked: Asked | null) => Promise<Shown>} */
async function judge(bytes, asked) {
  const { pins, noted } = pinsOf(by("ledger").value.trim(), site.ledger, site.host || location.host);
  if (withoutCryptography) return unread("unchecked", withoutCryptography);
  try {
    const { report, value } = await verifyFile(bytes, asked?.read, pins, Math.floor(Date.now() / 1000));
    const evidence = noted(report);
    if (report.document === "receipt") return /** @type {Shown} */ ({ ...report, value, evidence });
    if (report.verdict === "invalid") return /** @type {Shown} */ ({ ...report, evidence });
    if (!isOfRecord(report)) return /** @type {Shown} */ (report);
    if (report.document === "certificate")
      Object.assign(report.facts, { stated: statedIn(/** @type {Credential} */ (value)) });
    else if (report.facts.kind === "certificate")
      Object.assign(report.facts, recordedIn(/** @type {Certified} */ (value)));
    return /** @type {Shown} */ ({ ...report, value });
  } catch (error) {
    console.error(error);
    return unread("unchecked", t("This browser could not make the checks. Try a newer one, or another."));
  }
}

// What a certificate that is not invalid says in words: its checks hold these members too.
/** @type {(document: Credential) => Known["stated"]} */
function statedIn({ credentialSubject: subject, issuer }) {
  return {
    name: subject.identifier?.[0].identityHash,
    purpose: subject["hourledger:purpose"],
    issuer: issuer.name,
  };
}

// What the record of a certificate says, where its file is not at hand: never whose it is.
/** @type {(bundle: Certified) => object} */
function recordedIn({
  record: {
    entry: {
      record: { body },
    },
  },
}) {
  const { number, credit_minutes, honour_minutes, served_from, served_until, issued_at } = body;
  return { number, credit_minutes, honour_minutes, served_from, served_until, issued_at };
}

// A file is judged as of its own day, then by the newest that this site holds of it. A file on a disk
// has no site to ask.
/** @type {(bytes: Bytes, asked: Asked | null) => Promise<Shown>} */
async function judgeFile(bytes, asked) {
  const own = await judge(bytes, asked);
  if (!site.site) return own;
  if (own.document === "receipt") return withHead(own, site.ledger, headAt, (found) => judge(found, asked));
  const { report, news } = await newestOf(own, site.ledger, fetched, (found) => judge(found, asked));
  const fresh = news === "same" || news === "newer";
  return { ...report, note: report.note ?? newsText(news, own), fresh };
}

/** @type {(news: News, own: Shown) => string | null} */
const newsText = (news, own) =>
  ({
    none: null,
    same: t("This site holds nothing newer that changes it."),
    newer: t(
      "The file is older, and by itself reads: {word}. This site holds a newer proof of the same; it was checked here too, and this is its verdict.",
      { word: verdictWord(own.verdict) },
    ),
    missing: t("This site holds no newer proof of it: this is as of the file's own batch."),
    unfit: t(
      "What this site gave as the newest does not hold, or is about something else: this is as of the file's own batch.",
    ),
    silent: t("This site does not answer what became of it since: this is as of the file's own batch."),
  })[news];

/** @type {(index: number) => Promise<Response>} */
const headAt = (index) => fetch(`/v1/heads/${index}`);

// The file of a record: a certificate's is personal and needs its code, which goes in the body.
/** @type {(named: { record: string, code: string | null }) => Promise<Response>} */
const fetched = ({ record, code }) =>
  code === null
    ? fetch(`/v1/records/${record}/proof`)
    : fetch(`/v1/certificates/${record}/file`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ code }),
      });

/** @type {(named: Named | null, asked: Asked | null) => Promise<Shown>} */
async function judgeNamed(named, asked) {
  // What stands behind `#` may be personal: it is looked up nowhere unless it names a record.
  if (named === null)
    return unread(
      "unknown",
      t("This is no number of a certificate, no id of a record and no link of a QR code."),
    );
  if (named.file) return judgeFile(named.file, asked);
  if (!site.site)
    return unread("unchecked", t("A number is looked up on the site, which this file does without."));
  if (named.ledger !== null && named.ledger !== site.ledger) {
    return unread("unchecked", t("The record is of another ledger: open the link of that ledger."));
  }
  try {
    const answer = await fetched(named);
    if (answer.status === 404) return unread("unknown", null);
    if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
    return { ...(await judge(new Uint8Array(await answer.arrayBuffer()), asked)), fresh: true };
  } catch (error) {
    return unread(
      "unchecked",
      t("The site does not answer: {reason}", { reason: /** @type {Error} */ (error).message }),
    );
  }
}

// What was typed: a link, the id of a record, or else the number of a certificate.
/** @type {(text: string, asked: Asked | null) => Promise<Shown>} */
async function judgeText(text, asked) {
  const named = await readNamed(text);
  if (named !== null) return judgeNamed(named, asked);
  if (!site.site)
    return unread("unchecked", t("A number is looked up on the site, which this file does without."));
  try {
    return await byNumber(text, (record) => judgeNamed({ record, ledger: null, code: null }, asked));
  } catch (error) {
    return unread(
      "unchecked",
      t("The site does not answer: {reason}", { reason: /** @type {Error} */ (error).message }),
    );
  }
}

// Takes away what was shown. Whether this is still what the visitor asked for last: an answer that comes
// after the next question is dropped, or it would pass for the answer to that.
let questions = 0;
function begin() {
  const mine = ++questions;
  result.replaceChildren(element("p", { class: "quiet" }, t("Checking …")));
  return () => mine === questions;
}

/** @type {(judging: (asked: Asked | null) => Promise<Shown>) => Promise<void>} */
async function show(judging) {
  const [asked, wanted] = [chain(), begin()];
  const report = await judging(asked);
  if (!wanted()) return;
  result.replaceChildren(reportView(report, asked));
  /** @type {HTMLElement} */ (result.querySelector("h2")).focus();
}

/** @type {(file: Blob) => Promise<Bytes>} */
const bytesOf = async (file) => new Uint8Array(await file.arrayBuffer());
/** @type {(file: File) => boolean} */
const isCsv = (file) => file.name.toLowerCase().endsWith(".csv");

/** @type {(files: File[]) => Promise<void>} */
async function take(files) {
  if (files.length === 1 && !isCsv(files[0])) {
    return show(async (asked) => judgeFile(await bytesOf(files[0]), asked));
  }
  const [asked, wanted] = [chain(), begin()];
  const items = [];
  for (const file of files.slice(0, FILES_MAX)) {
    if (!isCsv(file))
      items.push({ name: file.name, judge: async () => judgeFile(await bytesOf(file), asked) });
    else
      for (const number of numbersOf(await file.text()))
        items.push({ name: number, judge: () => judgeText(number, asked) });
  }
  return showBatch(result, items, wanted);
}

function openFragment() {
  const fragment = location.hash.slice(1);
  if (!fragment) return;
  show(async (asked) => {
    const named = await readFragment(fragment);
    return judgeNamed(named ?? (await readNamed(fragment)), asked);
  });
}

remember(by("node"), "hourledger.node");
remember(by("ledger"), `hourledger.ledger.${site.ledger}`);
const chosen = () => by("file").files.length && take([...by("file").files]);
by("file").addEventListener("change", chosen);
// On a slow phone a file can be chosen before the scripts are there to notice.
chosen();
for (const name of ["dragover", "drop"]) {
  document.addEventListener(name, (event) => event.preventDefault());
}
document.addEventListener(
  "drop",
  ({ dataTransfer }) => dataTransfer?.files.length && take([...dataTransfer.files]),
);
by("find")?.addEventListener("submit", (event) => {
  event.preventDefault();
  show((asked) => judgeText(by("number").value, asked));
});
addEventListener("hashchange", openFragment);
if (withoutCryptography) result.append(element("p", { class: "notice warn" }, withoutCryptography));
openFragment();
site.ready = "1";
