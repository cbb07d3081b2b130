// The page: what the visitor hands in, what is asked of the chain, what is shown.
import { chainReader, rpc } from "../../verifier/chain.js";
import { verifyFile } from "../../verifier/verify.js";
import { FILES_MAX, numbersOf, showBatch } from "./batch.js";
import { readFragment, readNamed } from "./link.js";
import { element } from "./element.js";
import { reportView } from "./report.js";
import { withoutCryptography } from "../shared/secure.js";
import { t } from "./words.js";

const by = (id) => document.getElementById(id);
const site = by("verify").dataset;
const result = by("result");

// Settings stay in this browser. A file on a disk may have no store; then they hold until it is closed.
function keep(input, name) {
  try {
    input.value = localStorage.getItem(name) ?? input.value;
    input.addEventListener("change", () => localStorage.setItem(name, input.value.trim()));
  } catch {
    // The setting is used all the same.
  }
}

// The node of this site answers the same questions by GET: it takes nothing in.
const siteNode = (address) => async (method, params) => {
  const query = new URLSearchParams({ method, params: JSON.stringify(params) });
  const { result: found, error } = await (await fetch(`${address}?${query}`)).json();
  if (error) throw new Error(error.message);
  return found;
};

// {read, name, site, asked}: the visitor's node before the site's, and whether it was asked; null without
// any. An address may hold a password or a key: its scheme and host are the name.
function chain() {
  const node = by("node").value.trim();
  if (/^https?:\/\//.test(node)) return asking(chainReader(rpc(node)), new URL(node).origin, false);
  if (node !== "" || !site.chain) return null;
  return asking(chainReader(siteNode(site.chain)), t("the node of this site"), true);
}

function asking(reader, name, isSite) {
  const node = { name, site: isSite, asked: false };
  node.read = (...anchor) => {
    node.asked = true;
    return reader(...anchor);
  };
  return node;
}

const unread = (verdict, note) => ({ verdict, checks: [], facts: {}, note });

async function judge(bytes, asked) {
  const trusted = by("ledger").value.trim() || null;
  if (withoutCryptography) return unread("unchecked", withoutCryptography);
  try {
    const { report, value } = await verifyFile(bytes, asked?.read, trusted);
    if (report.facts.kind === "certificate" && "rows" in report.facts) report.facts.stated = statedIn(value);
    return report;
  } catch (error) {
    console.error(error);
    return unread("unchecked", t("This browser could not make the checks. Try a newer one, or another."));
  }
}

// What a certificate that is not invalid says in words: its checks hold these members too.
function statedIn({ credentialSubject: subject, issuer }) {
  return { name: subject.identifier?.[0].identityHash, purpose: subject.purpose, issuer: issuer.name };
}

// The file of a record: a certificate's is personal and needs its code, which goes in the body.
const fetched = ({ record, code }) => code === null
  ? fetch(`/v1/records/${record}/proof`)
  : fetch(`/v1/certificates/${record}/file`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ code }),
    });

async function judgeNamed(named, asked) {
  if (named === null) {
    return unread("invalid", t("This is neither the number of a record nor a link of a QR code."));
  }
  if (named.file) return judge(named.file, asked);
  if (!site.site) return unread("unchecked", t("A number is looked up on the site, which this file does without."));
  if (named.ledger !== null && named.ledger !== site.ledger) {
    return unread("unchecked", t("The record is of another ledger: open the link of that ledger."));
  }
  try {
    const answer = await fetched(named);
    if (answer.status === 404) return { verdict: "unknown", checks: [], facts: {} };
    if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
    return await judge(new Uint8Array(await answer.arrayBuffer()), asked);
  } catch (error) {
    return unread("unchecked", t("The site does not answer: {reason}", { reason: error.message }));
  }
}

const judgeText = async (text, asked) => judgeNamed(await readNamed(text), asked);

// Takes away what was shown. Whether this is still what the visitor asked for last: an answer that comes
// after the next question is dropped, or it would pass for the answer to that.
let questions = 0;
function begin() {
  const mine = ++questions;
  result.replaceChildren(element("p", { class: "quiet" }, t("Checking …")));
  return () => mine === questions;
}

async function show(judging) {
  const [asked, wanted] = [chain(), begin()];
  const report = await judging(asked);
  if (!wanted()) return;
  result.replaceChildren(reportView(report, asked));
  result.querySelector("h2").focus();
}

const bytesOf = async (file) => new Uint8Array(await file.arrayBuffer());
const isCsv = (file) => file.name.toLowerCase().endsWith(".csv");

async function take(files) {
  if (files.length === 1 && !isCsv(files[0])) {
    return show(async (asked) => judge(await bytesOf(files[0]), asked));
  }
  const [asked, wanted] = [chain(), begin()];
  const items = [];
  for (const file of files.slice(0, FILES_MAX)) {
    if (!isCsv(file)) items.push({ name: file.name, judge: async () => judge(await bytesOf(file), asked) });
    else for (const number of numbersOf(await file.text())) items.push({ name: number, judge: () => judgeText(number, asked) });
  }
  return showBatch(result, items, wanted);
}

function openFragment() {
  const fragment = location.hash.slice(1);
  if (fragment) show(async (asked) => judgeNamed((await readFragment(fragment)) ?? (await readNamed(fragment)), asked));
}

keep(by("node"), "hourledger.node");
keep(by("ledger"), `hourledger.ledger.${site.ledger}`);
by("file").addEventListener("change", ({ target }) => target.files.length && take([...target.files]));
for (const name of ["dragover", "drop"]) {
  document.addEventListener(name, (event) => event.preventDefault());
}
document.addEventListener("drop", ({ dataTransfer }) => dataTransfer.files.length && take([...dataTransfer.files]));
by("find")?.addEventListener("submit", (event) => {
  event.preventDefault();
  show((asked) => judgeText(by("number").value, asked));
});
addEventListener("hashchange", openFragment);
if (withoutCryptography) result.append(element("p", { class: "notice warn" }, withoutCryptography));
openFragment();
site.ready = "1";
