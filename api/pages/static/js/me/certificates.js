// Certificates: asking the desk of an organisation for one, and those that I have.
import { ask, call } from "../shared/api.js";
import { counts } from "./book.js";
import { say } from "../shared/message.js";
import { $, button, el, fill, show } from "../shared/dom.js";
import { day, dayStart, hours, span } from "../shared/figures.js";
import { t } from "../shared/words.js";

const DAY = 86400;

let mine = [];
let makeShare;

// Fills the form and the list, from my hours.
export async function setUpCertificates(found, share) {
  mine = found.filter((hour) => counts(hour) && hour.state !== "disputed");
  makeShare = share;
  const desks = (await known("/me/recorders")).filter((recorder) => recorder.issues);
  const able = desks.length > 0 && mine.length > 0;
  show(able, $("certificate-form"));
  show(!able, $("no-recorder"));
  await list();
  if (!able) return;
  const form = $("certificate-form");
  fill($("recorder"), ...desks.map(({ organisation, name }) => el("option", { value: organisation }, name)));
  const times = mine.map((hour) => hour.started_at);
  $("from").value = day(Math.min(...times));
  $("until").value = day(Math.max(...times));
  choose();
  form.oninput = (event) => ["recorder", "from", "until"].includes(event.target.id) && choose();
  form.onsubmit = issue;
}

// A server that issues no certificates has none of these lists.
async function known(path) {
  try {
    return (await ask("GET", path)).items;
  } catch (error) {
    if (error.status === 404) return [];
    throw error;
  }
}

const period = () => [dayStart($("from").value), dayStart($("until").value) + DAY];

function choose() {
  const [from, until] = period();
  const inside = mine.filter(
    (hour) => hour.organisation === $("recorder").value && hour.started_at >= from && hour.ended_at <= until,
  );
  const rows = inside.map((hour) => {
    const kind = hour.service.hour_class === "credit" ? t("Credit hours") : t("Honour hours");
    const box = el("input", { type: "checkbox", name: "service", value: hour.record_id, checked: true });
    return el("label", { class: "choice" }, box, `${span(hour.started_at, hour.ended_at)} · ${hours(hour.service.minutes)} ${kind}`);
  });
  fill($("choices"), ...(rows.length ? rows : [el("p", { class: "quiet" }, t("No hours of this organisation in this period."))]));
}

async function issue(event) {
  event.preventDefault();
  const form = event.target;
  const press = form.querySelector("button");
  press.disabled = true;
  try {
    const services = new FormData(form).getAll("service");
    if (!services.length) throw new Error(t("Choose at least one hour."));
    const [served_from, served_until] = period();
    const { number } = await ask("POST", "/certificates", {
      organisation: $("recorder").value,
      served_from,
      served_until,
      purpose: $("purpose").value.trim(),
      language: $("language").value,
      services,
      supersedes: null,
    });
    await list();
    say(t("Certificate {number} is issued. Save it below.", { number }));
  } catch (error) {
    say(error.message, "bad");
  } finally {
    press.disabled = false;
  }
}

async function list() {
  const items = (await known("/me/certificates")).toReversed();
  const rows = items.map((one) => el("li", {}, ...oneCertificate(one)));
  fill($("certificates"), rows.length ? el("h3", {}, t("My certificates")) : null, rows.length ? el("ul", { class: "plain shares" }, ...rows) : null);
}

function oneCertificate(one) {
  const words = { recorded: t("Good"), amended: t("Replaced by a newer one"), void: t("Void") };
  const path = `/me/certificates/${one.record_id}`;
  const sums = t("Credit hours {credit}, honour hours {honour}", {
    credit: hours(one.credit_minutes),
    honour: hours(one.honour_minutes),
  });
  return [
    el("p", {}, el("strong", {}, one.number), " ", el("span", { class: `state ${one.status === "recorded" ? "good" : "bad"}` }, words[one.status])),
    el("p", { class: "quiet" }, `${one.organisation_name} · ${day(one.served_from)} – ${day(one.served_until - 1)} · ${sums}`),
    el(
      "p",
      { class: "actions" },
      button("PDF", () => save(`${path}/paper`, `${one.number}.pdf`), ""),
      button("JSON", () => save(path, `${one.number}.json`)),
    ),
    makeShare(one.record_id),
  ];
}

async function save(path, name) {
  try {
    const address = URL.createObjectURL(await (await call("GET", path)).blob());
    el("a", { href: address, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
  } catch (error) {
    say(error.message, "bad");
  }
}
