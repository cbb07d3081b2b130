// Shows a report: one verdict, one sentence, the named checks, what stands beside it, and what it does
// not prove. Every text from a file goes in as text, never as markup.
import { restsOnDemonstration } from "./anchors.js";
import { reasonText } from "./reasons.js";
import { factsView } from "./facts.js";
import { servicesView } from "./services.js";
import { element } from "./element.js";
import { changeText, sentenceOf, subjectOf, UNREAD, VERDICTS, whoseText } from "./verdicts.js";
import { flagText, hours, moment, t } from "./words.js";

/** @import { Asked, Known, Shown } from "../shapes.d.ts" */

/**
 * Minutes of one service, or the sums of many.
 * @typedef {{ hour_class: "credit" | "honour", minutes: number }} Hours
 * @typedef {{ credit_minutes: number, honour_minutes: number }} Sums
 */

const MARKS = new Map([
  [true, ["✓", t("held"), "held"]],
  [false, ["✕", t("failed"), "failed"]],
  [null, ["?", t("not checked"), "open"]],
]);

// What each check is about; beside it stands whether it held.
/** @type {Record<string, string>} */
const CHECKS = {
  ledger: t("Somebody whom you trust has named the ledger."),
  format: t("The file is complete and has the one form that is allowed."),
  signatures: t("Every signature is by the key that claims it."),
  roles: t("Those signed who must, and the hours rest on what they claim."),
  leaf: t("The proof is about this very entry."),
  inclusion: t("The entry, and all behind it, are in the log."),
  checkpoint: t("The ledger's own key signed the state of the log."),
  anchor: t("A blockchain holds this state of the log."),
  times: t("Service, signature, acceptance, seal and block follow one another in time."),
  issuer: t("An authority had certified the organisation for that time."),
  status: t("The ledger's state says what became of the record."),
  state: t("The totals are those of the ledger's state."),
  completeness: t("No entry of the account is left out, added or in another place."),
  sums: t("The entries come to what the totals grew by."),
  credential: t("The organisation's own key signed this certificate, and the ledger recorded it."),
  note: t("The ledger's own key promised to hold this very record."),
  promise: t("A later state of the log holds the record as promised."),
  rows: t("Every row says what its record in the ledger says, and the sums are right."),
};

// Beside a verdict by the word of a chain that only its operator witnesses.
export const demonstrationView = () =>
  element(
    "p",
    { class: "demonstration" },
    t("A demonstration chain: nobody but its operator bears witness, so it proves nothing to others."),
  );

// `chain`: through which node the chain was asked, in words; null where it was not. `note`: what this
// page itself has to say.
/** @type {(report: Shown, chain: Asked | null) => HTMLElement} */
export function reportView(
  { verdict, document: found, checks, facts, within, note = null, fresh, evidence },
  chain,
) {
  const [mark, name, sentence] = VERDICTS[verdict];
  const word = verdict === "pending" && facts.claimed ? t("Not signed by the log") : name;
  // Of a forged file nothing is shown as a fact.
  const [kind, known] = verdict === "invalid" ? [null, /** @type {Known} */ ({})] : [found, facts];
  const subject = subjectOf(kind, known);
  const whose = "ledger" in known ? whoseText(known.ledger, within) : [];
  const said = [...whose, sentenceOf(verdict, kind, known) ?? sentence];
  if (known.change) said.push(changeText(known));
  else if (known.flags?.includes("KEY_REVOKED")) said.push(flagText("KEY_REVOKED"));
  if (kind === "record" && known.kind === "certificate") {
    said.push(
      t(
        "Only the certificate's own record is checked here, not the hours in it: for those scan the code or choose the file.",
      ),
    );
  }
  if (note !== null) said.push(note);
  if (verdict === "valid" && known.as_of && !fresh) {
    const time = moment(known.as_of.time);
    said.push(t("As of {time}: the file does not know what came after.", { time }));
  }
  const isUnread = verdict === "no_proof" || verdict === "damaged";
  if (isUnread) said.push(UNREAD[checks[0].reason]);
  else if (checks.some(({ name, ok }) => name === "format" && ok === null)) {
    said.push(t("This page does not check files of this kind; the program hourledger verify does."));
  }
  const alone = restsOnDemonstration(checks) && verdict !== "invalid" ? demonstrationView() : null;
  const view = element(
    "section",
    { class: `card verdict ${verdict}`, "data-verdict": verdict },
    element("p", { class: "mark", "aria-hidden": "true" }, mark),
    element("h2", { tabindex: "-1" }, word, ...(subject ? [" ", element("small", {}, subject)] : [])),
    alone,
    ...said.map((line) => element("p", {}, line)),
    ...(verdict === "unpinned" ? [] : bigNumbers(known, verdict)),
    checks.length > 0 && !isUnread
      ? element("p", { class: "quiet", "data-node": "" }, nodeText(chain))
      : null,
  );
  const parts = [view];
  if (isUnread) return element("article", {}, view);
  if (evidence) parts.push(evidenceView(evidence));
  if (checks.length > 0) parts.push(checksView(checks));
  if ("ledger" in known) parts.push(factsView(kind, known));
  const services = { certificate: known.rows, transcript: known.services }[
    /** @type {"certificate"} */ (kind)
  ];
  if (services) parts.push(servicesView(services));
  if (verdict !== "unknown") parts.push(notProvedView(kind, chain));
  return element("article", {}, ...parts);
}

// What shows anybody that one log key signed two histories.
/** @type {(notes: [known: string, shown: string]) => HTMLElement} */
function evidenceView(notes) {
  const file = URL.createObjectURL(new Blob([notes.join("\n")], { type: "text/plain;charset=utf-8" }));
  const link = element("a", { href: file, download: "two-heads.txt" }, t("Download as evidence"));
  const said = t("The log that this browser saw before was another one of the same length.");
  return element("section", {}, element("p", {}, said, " ", link));
}

/** @type {(chain: Asked | null) => string} */
const nodeText = (chain) =>
  chain?.asked ? t("Chain asked through {node}", { node: chain.name }) : t("No chain was asked.");

// Hours of one class beside those of the other: never added up.
/** @type {(facts: Hours | Sums | {}, verdict: Shown["verdict"]) => HTMLElement[]} */
function bigNumbers(facts, verdict) {
  /** @type {Record<string, number>} */
  const minutes =
    "hour_class" in facts
      ? { [facts.hour_class]: facts.minutes }
      : "credit_minutes" in facts
        ? { credit: facts.credit_minutes, honour: facts.honour_minutes }
        : {};
  /** @type {Record<string, string>} */
  const labels = { credit: t("Credit hours"), honour: t("Honour hours") };
  return Object.entries(minutes).map(([kind, count]) => {
    const number = element(verdict === "void" ? "s" : "strong", {}, hours(count));
    return element("p", { class: `hours ${kind}` }, number, " ", labels[kind]);
  });
}

/** @type {(checks: Shown["checks"]) => HTMLElement} */
function checksView(checks) {
  const items = checks.map(({ name, ok, reason }) => {
    const [mark, word, state] = /** @type {string[]} */ (MARKS.get(ok));
    const said = reasonText(name, reason);
    const inEnglish = ok === false ? said !== reason : said === null && reason !== "";
    return element(
      "li",
      { class: state, "data-check": name, "data-ok": String(ok) },
      element("span", { class: "mark", "aria-hidden": "true" }, mark),
      element("span", {}, element("b", {}, word), " ", CHECKS[name] ?? name),
      said === null ? null : element("span", { class: "quiet" }, said),
      inEnglish ? technicalView(`${name}: ${reason}`) : null,
    );
  });
  const box = element("details", {}, element("summary", {}, t("The checks")));
  box.append(element("ul", { class: "checks" }, ...items));
  box.open = checks.some((check) => check.ok === false);
  return box;
}

// What only an engineer needs stands in English, the language of the code, and out of everybody's way.
/** @type {(reason: string) => HTMLElement} */
const technicalView = (reason) =>
  element(
    "details",
    { class: "quiet" },
    element("summary", {}, t("Technical detail")),
    element("span", { lang: "en" }, reason),
  );

/** @type {(kind: string | null, chain: Asked | null) => HTMLElement} */
function notProvedView(kind, chain) {
  const lines = [
    t(
      "Signatures and anchors prove who entered this, when, and that it was not changed since; not that the person served.",
    ),
    t("The proof is of the ledger named here; compare its id with one from a source you trust."),
    t("It is as of the batch shown; ask again for what happened since."),
  ];
  if (kind === "account")
    lines.push(t("That the totals are the right sums of the records is what an audit recomputes."));
  if (chain?.site && chain.asked)
    lines.push(t("The chain was asked through this site. Whoever doubts the site sets a node of their own."));
  const list = element("ul", {}, ...lines.map((line) => element("li", {}, line)));
  return element("section", {}, element("h3", {}, t("What this does not prove")), list);
}
