// What stands beside the verdict: what the file is about, as names and values.
import { element } from "./element.js";
import { code, date, flagText, hours, moment, t, tn } from "./words.js";

/** @import { Basis, Known } from "../shapes.d.ts" */

/** @typedef {(label: string, ...values: (Node | string)[]) => void} Add */

/** @type {(text: string) => HTMLElement} */
const address = (text) => element("code", {}, text);

/** @type {(kind: string | null, facts: Known) => HTMLElement} */
export function factsView(kind, facts) {
  /** @type {Node[]} */
  const rows = [];
  /** @type {Add} */
  const add = (label, ...values) => {
    rows.push(
      element("dt", {}, label),
      element("dd", {}, ...values.map((value) => element("div", {}, value))),
    );
  };
  if (facts.kind === "certificate") certificateRows(facts, add);
  else if ("hour_class" in facts) serviceRows(facts, add);
  else if (kind === "record" || kind === "receipt") add(t("Entered"), ...enteredLines(facts));
  if (facts.sealed_by) add(t("In the log by"), moment(facts.sealed_by));
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
  if (["account", "transcript"].includes(kind ?? "")) totalRows(facts, add);
  add(t("Anchored"), facts.anchored_at === null ? t("not yet, or not checked") : moment(facts.anchored_at));
  if (facts.as_of) {
    const { batch, time } = facts.as_of;
    add(t("Status as of"), t("batch {batch}, {time}", { batch, time: moment(time) }));
  }
  const { name, id, named } = facts.ledger;
  if (named) add(t("Ledger"), ...[named.host, name].filter(Boolean), address(id));
  else add(t("Ledger"), address(id), t("it calls itself “{name}”", { name }));
  if (facts.record_id) add(t("Record"), address(facts.record_id));
  return element("dl", { class: "pairs" }, ...rows);
}

// When the record entered the log; where the log has signed nothing, what the file claims.
/** @type {(facts: Known) => string[]} */
function enteredLines({ accepted_at: at, delay_seconds: delay, claimed }) {
  if (claimed) return [t("not shown: the file alone claims {time}", { time: moment(claimed.accepted_at) })];
  if (delay === undefined) return [moment(at)];
  const days = Math.floor(Math.max(delay, 0) / 86400);
  return [moment(at), tn("{count} day after the service", "{count} days after the service", days)];
}

/** @type {(facts: Known, add: Add) => void} */
function certificateRows(facts, add) {
  const { stated = {} } = facts;
  add(t("Certificate number"), facts.number);
  if (stated.name) add(t("Name, masked"), stated.name);
  if (stated.purpose) add(t("Purpose"), stated.purpose);
  if (stated.issuer) add(t("Recording unit"), stated.issuer, address(facts.issuer));
  add(t("Period"), `${date(facts.served_from)} – ${date(facts.served_until - 1)}`);
  add(t("Issued on"), moment(facts.issued_at));
  add(t("Entered"), ...enteredLines(facts));
  if (facts.volunteer) add(t("Holder"), address(facts.volunteer));
}

/** @type {(facts: Known, add: Add) => void} */
function serviceRows(facts, add) {
  add(
    t("Class"),
    facts.mints
      ? t("Credit hours: clocked in and out. They alone earn yibi.")
      : t("Honour hours: back-filled under a permit. They earn no yibi."),
  );
  add(t("Served"), `${moment(facts.started_at)} – ${moment(facts.ended_at)}`);
  add(t("Entered"), ...enteredLines(facts));
  add(t("Evidence"), tn("{count} commitment", "{count} commitments", facts.evidence_count));
  if (facts.basis.length > 0) add(t("Rests on"), ...facts.basis.map(basisLine));
  if (facts.flags?.length) add(t("Remarkable"), ...facts.flags.map(flagText));
}

/** @type {(facts: Known, add: Add) => void} */
function totalRows({ account, totals }, add) {
  add(t("Account"), address(account));
  if (totals === null) return add(t("Totals"), t("nothing is recorded for this address"));
  add(t("Credit hours"), hours(totals.credit_minutes));
  add(t("Honour hours"), hours(totals.honour_minutes));
  return add(t("Yibi"), String(totals.minted + totals.received - totals.sent));
}

/** @type {(part: Basis) => string} */
function basisLine(part) {
  if (part.kind === "clock") {
    const way = part.direction === "in" ? t("clocked in") : t("clocked out");
    return [`${way} ${moment(part.clocked_at)}`, code(part.distance), ...part.methods.map(code)].join(", ");
  }
  if (part.kind === "confirmation") return t("the recipient said: {answer}", { answer: code(part.answer) });
  const [reason, most] = [code(part.reason), hours(part.minutes_max)];
  return t("a permit: {reason}, at most {hours}", { reason, hours: most });
}
