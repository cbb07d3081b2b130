// Practice credits: which university may see my hours, what it counts of them, and objecting to it.
import { ask, call, Problem } from "../shared/api.js";
import { data } from "../shared/data.js";
import { $, el, fill } from "../shared/dom.js";
import { day, dayStart, hours, moment, now } from "../shared/figures.js";
import { say } from "../shared/message.js";
import { once, signerOf } from "../shared/sign_in.js";
import { language, t } from "../shared/words.js";

/** @import { Struct } from "../../verifier/shapes.d.ts" */
/** @import { Evaluation, Item, Own } from "../shapes.d.ts" */

/** @typedef {Struct<"Consent">} Consent */

const DAY = 86400;

/** @type {() => Promise<void>} */
let reload;

// Fills the part from all entries that concern me.
/** @type {(items: Item[], me: string, load: () => Promise<void>) => Promise<void>} */
export async function setUpCredits(items, me, load) {
  reload = load;
  fill($("consents"), ...consentsOf(items, me).map(oneConsent));
  $("consent-form").onsubmit = (event) => {
    event.preventDefault();
    once(event.submitter, grant);
  };
  fill($("own-credits"), ...(await counted()).map(oneLine));
}

// A server that counts no credits has no such list.
/** @type {() => Promise<Own[]>} */
async function counted() {
  try {
    return /** @type {{ items: Own[] }} */ (await ask("GET", "/me/credits")).items;
  } catch (error) {
    if (error instanceof Problem && error.status === 404) return [];
    throw error;
  }
}

// The newest consent to each university that stands.
/** @type {(items: Item[], me: string) => Consent[]} */
function consentsOf(items, me) {
  /** @type {Map<string, Consent>} */
  const newest = new Map();
  for (const { entry } of items) {
    const { kind, body } = entry.record;
    if (kind === "consent" && body.volunteer === me) newest.set(body.grantee, body);
  }
  return [...newest.values()].filter(({ action, valid_until: end }) => action === "grant" && end > now());
}

/** @type {(body: Consent) => HTMLElement} */
function oneConsent(body) {
  const period = t("Hours from {first} to {last}; it may look until {end}, this day counted.", {
    first: day(body.served_from),
    last: day(body.served_until - 1),
    end: day(body.valid_until - 1),
  });
  const withdraw = el("button", { type: "button", class: "second" }, t("Withdraw"));
  withdraw.onclick = () => once(withdraw, () => sign({ ...body, action: "withdraw", issued_at: now() }));
  return el(
    "li",
    {},
    el("p", {}, el("code", { class: "id" }, body.grantee)),
    el("p", { class: "quiet" }, period),
    withdraw,
  );
}

async function grant() {
  await sign({
    volunteer: (await signerOf()).address,
    grantee: $("consent-university").value.trim(),
    action: "grant",
    purpose: "practice_credits",
    served_from: dayStart($("consent-from").value),
    served_until: dayStart($("consent-until").value) + DAY,
    valid_until: dayStart($("consent-end").value) + DAY,
    issued_at: now(),
  });
}

/** @type {(body: Consent) => Promise<void>} */
async function sign(body) {
  const signer = await signerOf();
  const signature = await signer.signRecord(data.ledger, "consent", body);
  const claim = { role: "volunteer", signer: signer.address, signature };
  await call("POST", "/records", { kind: "consent", body, signatures: [claim] });
  await reload();
  say(body.action === "grant" ? t("Your consent is in the ledger.") : t("Your consent is withdrawn."));
}

/** @type {() => Record<string, string>} */
const stages = () => ({ published: t("Draft: you can object"), final: t("Final") });

/** @type {(own: Own) => HTMLElement} */
function oneLine({ run, university, title, line, objections }) {
  const found = line.evaluation;
  const open = run.stage === "published" && now() < run.objections_until;
  return el(
    "li",
    {},
    el(
      "p",
      {},
      el("strong", {}, university),
      " ",
      el("span", { class: `state ${run.stage === "final" ? "good" : "warn"}` }, stages()[run.stage]),
    ),
    el("p", { class: "quiet" }, language === "en" ? title.en : title.zh),
    el(
      "p",
      {},
      el("strong", { class: "number" }, (found.credit_hundredths / 100).toFixed(2)),
      " ",
      t("credits"),
      " · ",
      kinds(found),
    ),
    el("details", {}, el("summary", {}, t("What does not count, and why")), reasons(found)),
    ...objections.map((said) =>
      el(
        "p",
        { class: "notice" },
        said.text,
        el("br"),
        el("span", { class: "quiet" }, said.answer || t("Not answered yet")),
      ),
    ),
    open ? objectionForm(run) : null,
  );
}

/** @type {(found: Evaluation) => string} */
const kinds = (found) =>
  t("Credit hours {credit}, honour hours {honour}", {
    credit: hours(found.credit_minutes),
    honour: hours(found.honour_minutes),
  });

/** @type {(found: Evaluation) => HTMLElement} */
function reasons({ excluded }) {
  const rows = Object.entries(excluded).map(([code, minutes]) =>
    el("li", {}, `${hours(minutes)} · ${data.reasons[code] ?? code}`),
  );
  return rows.length ? el("ul", {}, ...rows) : el("p", {}, t("Every recorded hour counts."));
}

/** @type {(run: Own["run"]) => HTMLElement} */
function objectionForm(run) {
  const name = `object-${run.run}`;
  const text = el("textarea", { id: name, maxlength: 1000, required: true });
  const form = el(
    "form",
    { class: "below" },
    el("label", { for: name }, t("What is wrong with this")),
    el(
      "p",
      { class: "hint" },
      t("The university answers before anything is final. You can object until {time}.", {
        time: moment(run.objections_until),
      }),
    ),
    text,
    el("p", { class: "actions below" }, el("button", { class: "second" }, t("Object"))),
  );
  form.onsubmit = (event) => {
    event.preventDefault();
    once(event.submitter, async () => {
      await call("POST", `/me/credits/${run.run}/objections`, { text: text.value });
      await reload();
      say(t("The university has your objection."));
    });
  };
  return form;
}
