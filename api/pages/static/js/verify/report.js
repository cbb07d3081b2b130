// Shows a report: one verdict, one sentence, the named checks, what stands beside it, and what it does
// not prove. Every text from a file goes in as text, never as markup.
import { restsOnDemonstration } from "./anchors.js";
import { reasonText } from "./reasons.js";
import { servicesView } from "./services.js";
import { element } from "./element.js";
import * as unread from "../../verifier/unreadable.js";
import { code, date, doneText, flagText, hours, moment, t } from "./words.js";

// Verdict → mark, word, sentence. Only `valid` is green.
const VERDICTS = {
  valid: ["✓", t("Valid"), t("The record is in the ledger and was not changed since.")],
  pending: ["…", t("Pending"), t("Accepted, but not anchored deep enough yet. Check again later.")],
  amended: ["↻", t("Amended"), t("A newer version exists.")],
  void: ["⊘", t("Void"), t("The record was voided and counts no longer.")],
  disputed: ["!", t("Disputed"), t("An objection is open, or a key behind the record was revoked.")],
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
const MARKS = new Map([
  [true, ["✓", t("held"), "held"]],
  [false, ["✕", t("failed"), "failed"]],
  [null, ["?", t("not checked"), "open"]],
]);

// What each check is about; beside it stands whether it held.
const CHECKS = {
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
  rows: t("Every row says what its record in the ledger says, and the sums are right."),
};

// Why no proof could be read from a file, in the words of both verifiers.
const UNREAD = {
  [unread.EMPTY]: t("The file is empty."),
  [unread.FOREIGN]: t("The file is of another kind."),
  [unread.NEWER]: t("Its form is not known here; a newer program may know it."),
  [unread.TOO_LONG]: t("It is longer than any proof file."),
  [unread.PDF_EMPTY]: t("No file is attached to this PDF: was it printed, or saved anew?"),
  [unread.CUT]: t("It begins like a proof file, and is cut, or was changed by an editor."),
  [unread.UTF_16]: t("An editor saved it as UTF-16."),
  [unread.GZIP]: t("It is packed with gzip, and cut, or something stands behind its end."),
  [unread.PDF_BROKEN]: t("This PDF is cut, damaged, or built in a way that is not read here."),
  [unread.PDF_ENCRYPTED]: t("This PDF is encrypted."),
  [unread.PDF_SEVERAL]: t("Several files are attached to this PDF: it cannot be said which counts."),
};

const OTHER_LEDGER = "of another ledger than the one trusted";

// Beside a verdict by the word of a chain that only its operator witnesses.
export const demonstrationView = () =>
  element(
    "p",
    { class: "demonstration" },
    t("A demonstration chain: nobody but its operator bears witness, so it proves nothing to others."),
  );

export const verdictWord = (verdict) => VERDICTS[verdict][1];

// `chain`: through which node the chain was asked, in words; null where it was not. `note`: what this
// page itself has to say.
export function reportView({ verdict, document: found, checks, facts, note = null }, chain) {
  const [mark, name, sentence] = VERDICTS[verdict];
  const word = verdict === "pending" && facts.claimed ? t("Not signed by the log") : name;
  // Of a forged file nothing is shown as a fact.
  const [kind, known] = verdict === "invalid" ? [null, {}] : [found, facts];
  const said = [sentenceOf(verdict, kind, known) ?? sentence];
  if (known.change) said.push(changeText(known));
  if (kind === "record" && known.kind === "certificate") {
    said.push(
      t(
        "Only the certificate's own record is checked here, not the hours in it: for those scan the code or choose the file.",
      ),
    );
  }
  if (note !== null) said.push(note);
  const isUnread = verdict === "no_proof" || verdict === "damaged";
  if (isUnread) said.push(UNREAD[checks[0].reason]);
  else if (checks.some(({ name, ok }) => name === "format" && ok === null)) {
    said.push(t("This page does not check files of this kind; the program hourledger verify does."));
  }
  if (checks.some((check) => check.reason.endsWith(OTHER_LEDGER))) {
    said.push(t("It is of another ledger than the one that is trusted here."));
  }
  const alone = restsOnDemonstration(checks) && verdict !== "invalid" ? demonstrationView() : null;
  const view = element(
    "section",
    { class: `card verdict ${verdict}`, "data-verdict": verdict },
    element("p", { class: "mark", "aria-hidden": "true" }, mark),
    element("h2", { tabindex: "-1" }, word),
    alone,
    ...said.map((line) => element("p", {}, line)),
    ...bigNumbers(known, verdict),
    checks.length > 0 && !isUnread
      ? element("p", { class: "quiet", "data-node": "" }, nodeText(chain))
      : null,
  );
  const parts = [view];
  if (isUnread) return element("article", {}, view);
  if (checks.length > 0) parts.push(checksView(checks));
  if ("ledger" in known) parts.push(factsView(kind, known));
  const services = { certificate: known.rows, transcript: known.services }[kind];
  if (services) parts.push(servicesView(services));
  if (verdict !== "unknown") parts.push(notProvedView(kind, chain));
  return element("article", {}, ...parts);
}

// What `valid` says of a kind of document, where it is not the proof of a single record.
const VALID = {
  certificate: t("The ledger holds these hours as the certificate states them."),
  transcript: t(
    "The ledger holds these entries of the account, no more and no fewer. Which organisations were certified, and whom they let sign, is not shown here.",
  ),
  account: t("The ledger committed to these totals, the same for everybody."),
};

function sentenceOf(verdict, kind, facts) {
  if (verdict === "pending" && facts.claimed) {
    return t(
      "The ledger's log has signed nothing of this file: that the ledger took the record, and when, the file alone claims. A record that was voided looks the same without its batch. Ask the ledger for a fresh proof.",
    );
  }
  if (verdict === "valid") return VALID[kind] ?? null;
  if (facts.kind !== "certificate" || !facts.change) return null;
  const whole = (facts.change.of ?? facts.record_id) === facts.record_id;
  return (
    {
      void: whole ? t("The certificate was revoked.") : t("A service on the certificate was voided."),
      amended: whole
        ? t("A newer certificate replaces this one.")
        : t("A service on the certificate was amended."),
      disputed: t("An objection is open to a service on the certificate, or a key behind it was revoked."),
    }[verdict] ?? null
  );
}

const nodeText = (chain) =>
  chain?.asked ? t("Chain asked through {node}", { node: chain.name }) : t("No chain was asked.");

// Who changed the record, what they say, and when: their word, never a finding.
function changeText({ change, issuer }) {
  const { accepted_at: accepted, issued_at: signed } = change;
  const when =
    accepted === null
      ? t("signed on {date}, not in the log yet", { date: date(signed) })
      : t("since {date}", { date: date(accepted) });
  return `${doneText(change, issuer)} (${when})`;
}

// Hours of one class beside those of the other: never added up.
function bigNumbers(facts, verdict) {
  const minutes =
    "hour_class" in facts
      ? { [facts.hour_class]: facts.minutes }
      : "credit_minutes" in facts
        ? { credit: facts.credit_minutes, honour: facts.honour_minutes }
        : {};
  const labels = { credit: t("Credit hours"), honour: t("Honour hours") };
  return Object.entries(minutes).map(([kind, count]) => {
    const number = element(verdict === "void" ? "s" : "strong", {}, hours(count));
    return element("p", { class: `hours ${kind}` }, number, " ", labels[kind]);
  });
}

function checksView(checks) {
  const items = checks.map(({ name, ok, reason }) => {
    const [mark, word, state] = MARKS.get(ok);
    const said = reasonText(name, reason);
    const why =
      said === null
        ? reason && technicalView(`${name}: ${reason}`)
        : element("span", { class: "quiet" }, said);
    return element(
      "li",
      { class: state, "data-check": name, "data-ok": String(ok) },
      element("span", { class: "mark", "aria-hidden": "true" }, mark),
      element("span", {}, element("b", {}, word), " ", CHECKS[name] ?? name),
      why,
    );
  });
  const box = element("details", {}, element("summary", {}, t("The checks")));
  box.append(element("ul", { class: "checks" }, ...items));
  box.open = checks.some((check) => check.ok === false);
  return box;
}

// What only an engineer needs stands in English, the language of the code, and out of everybody's way.
const technicalView = (reason) =>
  element(
    "details",
    { class: "quiet" },
    element("summary", {}, t("Technical detail")),
    element("span", { lang: "en" }, reason),
  );

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

const address = (text) => element("code", {}, text);

function factsView(kind, facts) {
  const rows = [];
  const add = (label, ...values) => {
    rows.push(
      element("dt", {}, label),
      element("dd", {}, ...values.map((value) => element("div", {}, value))),
    );
  };
  if (facts.kind === "certificate") certificateRows(facts, add);
  else if ("hour_class" in facts) serviceRows(facts, add);
  else if (kind === "record") add(t("Entered"), ...enteredLines(facts));
  if (facts.issuer_name) add(t("Recording unit"), facts.issuer_name, address(facts.issuer));
  if (facts.signers?.length) {
    add(
      t("Signed by"),
      ...facts.signers.map(({ role, signer }) => element("span", {}, code(role), " ", address(signer))),
    );
  }
  if (facts.change) {
    const { by, signers } = facts.change;
    const all = [by, ...signers.map(({ role, signer }) => ({ role, address: signer }))];
    const others = all.filter((one, at) => at === 0 || one.address !== by.address);
    add(
      t("Changed by"),
      ...others.map((one) => element("span", {}, code(one.role), " ", address(one.address))),
    );
  }
  if (["account", "transcript"].includes(kind)) totalRows(facts, add);
  add(t("Anchored"), facts.anchored_at === null ? t("not yet, or not checked") : moment(facts.anchored_at));
  if (facts.as_of) {
    const { batch, time } = facts.as_of;
    add(t("Status as of"), t("batch {batch}, {time}", { batch, time: moment(time) }));
  }
  add(t("Ledger"), facts.ledger.name, address(facts.ledger.id));
  if (facts.record_id) add(t("Record"), address(facts.record_id));
  return element("dl", { class: "pairs" }, ...rows);
}

// When the record entered the log; where the log has signed nothing, what the file claims.
function enteredLines({ accepted_at: at, delay_seconds: delay, claimed }) {
  if (claimed) return [t("not shown: the file alone claims {time}", { time: moment(claimed.accepted_at) })];
  if (delay === undefined) return [moment(at)];
  const days = Math.floor(Math.max(delay, 0) / 86400);
  return [moment(at), t("{days} days after the service", { days })];
}

function certificateRows(facts, add) {
  const { stated = {} } = facts;
  add(t("Certificate number"), facts.number);
  if (stated.name) add(t("Name, masked"), stated.name);
  if (stated.purpose) add(t("Purpose"), stated.purpose);
  if (stated.issuer) add(t("Recording unit"), stated.issuer, address(facts.issuer));
  add(t("Period"), `${date(facts.served_from)} – ${date(facts.served_until - 1)}`);
  add(t("Issued"), moment(facts.issued_at));
  add(t("Entered"), ...enteredLines(facts));
  if (facts.volunteer) add(t("Holder"), address(facts.volunteer));
}

function serviceRows(facts, add) {
  add(
    t("Class"),
    facts.mints
      ? t("Credit hours: clocked in and out. They alone earn yibi.")
      : t("Honour hours: back-filled under a permit. They earn no yibi."),
  );
  add(t("Served"), `${moment(facts.started_at)} – ${moment(facts.ended_at)}`);
  add(t("Entered"), ...enteredLines(facts));
  add(t("Evidence"), t("{count} commitments", { count: facts.evidence_count }));
  if (facts.basis.length > 0) add(t("Rests on"), ...facts.basis.map(basisLine));
  if (facts.flags?.length) add(t("Remarkable"), ...facts.flags.map(flagText));
}

function totalRows({ account, totals }, add) {
  add(t("Account"), address(account));
  if (totals === null) return add(t("Totals"), t("nothing is recorded for this address"));
  add(t("Credit hours"), hours(totals.credit_minutes));
  add(t("Honour hours"), hours(totals.honour_minutes));
  return add(t("Yibi"), String(totals.minted + totals.received - totals.sent));
}

function basisLine(part) {
  if (part.kind === "clock") {
    const way = part.direction === "in" ? t("clocked in") : t("clocked out");
    return [`${way} ${moment(part.clocked_at)}`, code(part.distance), ...part.methods.map(code)].join(", ");
  }
  if (part.kind === "confirmation") return t("the recipient said: {answer}", { answer: code(part.answer) });
  const [reason, most] = [code(part.reason), hours(part.minutes_max)];
  return t("a permit: {reason}, at most {hours}", { reason, hours: most });
}
