// Saying that a record of mine is wrong: a record of its own, signed by my key (MCA Order 67, art. 13).
import { call } from "../shared/api.js";
import { say } from "../shared/message.js";
import { ZERO_HASH } from "../../verifier/fields.js";
import { el } from "../shared/dom.js";
import { now } from "../shared/figures.js";
import { data } from "../shared/data.js";
import { t } from "../shared/words.js";

/** @import { Hour, Signer } from "../shapes.d.ts" */

/** @type {() => [value: string, text: string][]} */
const reasons = () => [
  ["not_served", t("I never served this")],
  ["wrong_time", t("The time is wrong")],
  ["wrong_class", t("The class is wrong")],
  ["other", t("Something else is wrong")],
];

/** @type {(hour: Hour, signerOf: () => Promise<Signer>, reload: () => Promise<void>) => HTMLElement} */
export function objectionForm(hour, signerOf, reload) {
  const name = `reason-${hour.record_id}`;
  const choices = reasons().map(([value, text]) =>
    el("label", { class: "choice" }, el("input", { type: "radio", name, value, required: true }), text),
  );
  const form = el(
    "form",
    { class: "below" },
    el("fieldset", {}, el("legend", {}, t("This record is wrong")), ...choices),
    el(
      "p",
      { class: "hint" },
      t(
        "Your objection stands beside the record for all to see until the organisation answers. Your key signs it.",
      ),
    ),
    el("button", { class: "grave" }, t("Sign the objection")),
  );
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const press = /** @type {HTMLButtonElement} */ (form.querySelector("button"));
    press.disabled = true;
    try {
      await object(hour, new FormData(form).get(name), await signerOf());
      await reload();
      say(t("Your objection is in the ledger."));
    } catch (error) {
      say(/** @type {Error} */ (error).message, "bad");
      press.disabled = false;
    }
  });
  return form;
}

/** @type {(hour: Hour, reason: FormDataEntryValue | null, signer: Signer) => Promise<void>} */
async function object(hour, reason, signer) {
  const body = {
    target: hour.record_id,
    volunteer: signer.address,
    reason,
    details: ZERO_HASH,
    issued_at: now(),
  };
  const signature = await signer.signRecord(data.ledger, "objection", body);
  const claim = { role: "volunteer", signer: signer.address, signature };
  await call("POST", "/records", { kind: "objection", body, signatures: [claim] });
}
