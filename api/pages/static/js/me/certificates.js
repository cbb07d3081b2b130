// Certificates: asking an organisation that issues them for one, and those that I have.
import { ask, call, Problem } from "../shared/api.js";
import { counts } from "./account.js";
import { say } from "../shared/message.js";
import { $, button, el, fill, show } from "../shared/dom.js";
import { day, dayStart, hours, span } from "../shared/figures.js";
import { t } from "../shared/words.js";

/** @import { CertificateForm, Certificates, Issued, Recorders } from "../answers.d.ts" */
/** @import { Child } from "../shared/dom.js" */
/** @import { Hour } from "../shapes.d.ts" */

/**
 * An hour that is recorded.
 * @typedef {Hour & { service: NonNullable<Hour["service"]> }} Recorded
 */

const DAY = 86400;
// How long to wait between two looks at what a chain does not hold yet, in milliseconds.
const LOOK_AGAIN = 3000;

/** @type {Recorded[]} */
let mine = [];
/** @type {(record: string) => HTMLElement} */
let makeShare;
/** @type {number | undefined} */
let looking;

// Fills the form and the list, from my hours.
/** @type {(found: Hour[], share: typeof makeShare) => Promise<void>} */
export async function setUpCertificates(found, share) {
  mine = /** @type {Recorded[]} */ (found.filter((hour) => counts(hour) && hour.state !== "disputed"));
  makeShare = share;
  const recorders = /** @type {Recorders["items"]} */ (await known("/me/recorders"));
  const issuers = recorders.filter((recorder) => recorder.issues);
  const able = issuers.length > 0 && mine.length > 0;
  show(able, $("certificate-form"));
  // To who has no hours yet this is said above; nobody owes a certificate of nothing.
  show(issuers.length === 0 && recorders.length > 0, $("no-recorder"));
  await list();
  if (!able) return;
  const form = $("certificate-form");
  fill(
    $("recorder"),
    ...issuers.map(({ organisation, name }) => el("option", { value: organisation }, name)),
  );
  const times = mine.map((hour) => hour.started_at);
  $("from").value = day(Math.min(...times));
  $("until").value = day(Math.max(...times));
  choose();
  form.oninput = ({ target }) =>
    ["recorder", "from", "until"].includes(/** @type {HTMLElement} */ (target).id) && choose();
  form.onsubmit = issue;
}

// A server that issues no certificates has none of these lists.
/** @type {(path: string) => Promise<unknown[]>} */
async function known(path) {
  try {
    return /** @type {{ items: unknown[] }} */ (await ask("GET", path)).items;
  } catch (error) {
    if (error instanceof Problem && error.status === 404) return [];
    throw error;
  }
}

/** @type {() => [from: number, until: number]} */
const period = () => [dayStart($("from").value), dayStart($("until").value) + DAY];

function choose() {
  const [from, until] = period();
  const inside = mine.filter(
    (hour) => hour.organisation === $("recorder").value && hour.started_at >= from && hour.ended_at <= until,
  );
  const rows = inside.map((hour) => {
    const kind = hour.service.hour_class === "credit" ? t("Credit hours") : t("Honour hours");
    const box = el("input", { type: "checkbox", name: "service", value: hour.record_id, checked: true });
    return el(
      "label",
      { class: "choice" },
      box,
      `${span(hour.started_at, hour.ended_at)} · ${hours(hour.service.minutes)} ${kind}`,
    );
  });
  fill(
    $("choices"),
    ...(rows.length
      ? rows
      : [el("p", { class: "quiet" }, t("No hours of this organisation in this period."))]),
  );
}

/** @type {(event: SubmitEvent) => Promise<void>} */
async function issue(event) {
  event.preventDefault();
  const form = /** @type {HTMLFormElement} */ (event.target);
  const press = /** @type {HTMLButtonElement} */ (form.querySelector("button"));
  press.disabled = true;
  try {
    const services = new FormData(form).getAll("service");
    if (!services.length) throw new Error(t("Choose at least one hour."));
    const [served_from, served_until] = period();
    const { number } = /** @type {Issued} */ (
      await ask("POST", "/certificates", {
        organisation: $("recorder").value,
        served_from,
        served_until,
        purpose: $("purpose").value.trim(),
        language: $("language").value,
        services,
        supersedes: null,
      })
    );
    await list();
    say(t("Certificate {number} is issued. It can be saved below as soon as a chain holds it.", { number }));
  } catch (error) {
    say(/** @type {Error} */ (error).message, "bad");
  } finally {
    press.disabled = false;
  }
}

// Lists them, again and again until a chain holds each: what is saved before stays pending on paper.
async function list() {
  clearTimeout(looking);
  const items = [.../** @type {CertificateForm[]} */ (await known("/me/certificates"))].reverse();
  const rows = items.map((one) => el("li", { "data-certificate": one.record_id }, ...oneCertificate(one)));
  fill(
    $("certificates"),
    rows.length ? el("h3", {}, t("My certificates")) : null,
    rows.length ? el("ul", { class: "plain shares" }, ...rows) : null,
  );
  await watch(items.filter((one) => one.progress !== "anchored"));
}

/** @type {(waiting: CertificateForm[]) => Promise<void>} */
async function watch(waiting) {
  if (!waiting.length) return;
  const before = new Map(waiting.map((one) => [one.record_id, one.progress]));
  const look = async () => {
    try {
      const now = /** @type {CertificateForm[]} */ (await known("/me/certificates"));
      if (now.some((one) => before.has(one.record_id) && before.get(one.record_id) !== one.progress))
        return await list();
    } catch (error) {
      // Signed out, or the server is away: whoever comes back loads the list anew.
      return console.warn(error);
    }
    looking = setTimeout(look, LOOK_AGAIN);
  };
  looking = setTimeout(look, LOOK_AGAIN);
}

// The words of the verifier page: one certificate has one state, wherever it is shown.
/** @type {Record<CertificateForm["state"], [word: string, colour: string, why: string | null]>} */
const STATES = {
  pending: [t("Pending"), "warn", null],
  valid: [t("Valid"), "good", null],
  disputed: [
    t("Disputed"),
    "warn",
    t("An objection is open to an hour in it, or a key behind it was revoked."),
  ],
  amended: [
    t("Amended"),
    "warn",
    t("A newer certificate replaces it, or an hour in it was amended: ask for a new one."),
  ],
  void: [
    t("Void"),
    "bad",
    t("It was revoked, or an hour in it was voided: it counts no longer. Ask for a new one."),
  ],
};
/** @type {Record<CertificateForm["progress"], string>} */
const STEPS = { issued: t("Issued"), sealed: t("Sealed"), anchored: t("Anchored") };

/** @type {(one: CertificateForm) => Child[]} */
function oneCertificate(one) {
  const [word, colour, why] = STATES[one.state];
  const sums = t("Credit hours {credit}, honour hours {honour}", {
    credit: hours(one.credit_minutes),
    honour: hours(one.honour_minutes),
  });
  return [
    el(
      "p",
      {},
      el("strong", {}, one.number),
      " ",
      el("span", { class: `state ${colour}`, "data-state": one.state }, word),
    ),
    why && el("p", { class: `notice ${colour}` }, why),
    el(
      "p",
      { class: "quiet" },
      `${one.organisation_name} · ${day(one.served_from)} – ${day(one.served_until - 1)} · ${sums}`,
    ),
    one.progress === "anchored" ? saving(one) : progress(one),
    makeShare(one.record_id),
  ];
}

/** @type {(one: CertificateForm) => HTMLElement} */
function saving(one) {
  const path = `/me/certificates/${one.record_id}`;
  return el(
    "p",
    { class: "actions" },
    button("PDF", () => save(`${path}/paper`, `${one.number}.pdf`), ""),
    button("JSON", () => save(path, `${one.number}.json`)),
    button(t("For other programs"), () => save(`${path}/credential`, `${one.number}.vc.json`)),
  );
}

/** @type {(one: CertificateForm) => HTMLElement} */
function progress(one) {
  const names = /** @type {CertificateForm["progress"][]} */ (Object.keys(STEPS));
  const reached = names.indexOf(one.progress);
  const steps = names.map((name, at) =>
    el(
      "li",
      { class: at <= reached ? "done" : "", "aria-current": at === reached ? "step" : null },
      STEPS[name],
    ),
  );
  return el(
    "div",
    { class: "notice" },
    el("ol", { class: "progress" }, ...steps),
    el(
      "p",
      {},
      t(
        "It can be saved as soon as a chain holds it, usually within some minutes. This page looks by itself.",
      ),
    ),
  );
}

/** @type {(path: string, name: string) => Promise<void>} */
async function save(path, name) {
  try {
    const address = URL.createObjectURL(await (await call("GET", path)).blob());
    el("a", { href: address, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
  } catch (error) {
    say(/** @type {Error} */ (error).message, "bad");
  }
}
