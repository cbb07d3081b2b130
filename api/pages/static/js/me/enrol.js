// Entering the ledger: a volunteer's own key signs its own record; nobody else can. The record names no
// person: `identity` commits, under a salt made by chance, to nothing that was entered here.
import { concat, hex, sha256, utf8 } from "../../verifier/bytes.js";
import { ZERO_ADDRESS } from "../../verifier/fields.js";
import { call } from "../shared/api.js";
import { data } from "../shared/data.js";
import { $, el, fill, show } from "../shared/dom.js";
import { now } from "../shared/figures.js";
import { say } from "../shared/message.js";
import { once, signerOf } from "../shared/sign_in.js";
import { t } from "../shared/words.js";

/** @import { Me } from "../answers.d.ts" */

const SALT_BYTES = 32;

// Shows what fits who has signed in: nothing to a volunteer, the form to a new key, and where to go to
// whoever acts for an organisation.
/** @type {(me: Me, load: () => Promise<void>) => boolean} */
export function setUpEnrolment(me, load) {
  const acts = me.authority || me.mandates.length > 0;
  show(!me.volunteer && !acts, $("enrolment"));
  show(!me.volunteer && acts, $("acting"));
  const places = me.mandates.map(({ organisation }) =>
    el("li", {}, el("a", { href: `/organisations/${organisation}` }, el("code", {}, organisation))),
  );
  fill($("acting-for"), ...places);
  $("enrolment-form").onsubmit = (event) => {
    event.preventDefault();
    once(event.submitter, () => enrol(load));
  };
  return !me.volunteer && !acts;
}

/** @type {(load: () => Promise<void>) => Promise<void>} */
async function enrol(load) {
  const signer = await signerOf();
  const body = {
    volunteer: signer.address,
    identity: await commitment(),
    guardian: ZERO_ADDRESS,
    issued_at: now(),
  };
  const signature = await signer.signRecord(data.ledger, "volunteer", body);
  const claim = { role: "volunteer", signer: signer.address, signature };
  await call("POST", "/records", { kind: "volunteer", body, signatures: [claim] });
  await load();
  say(t("You are enrolled. Give your address to your organisation: it records hours for it."));
}

// SHA-256 of a salt and no fields (docs/spec/records.md). The salt is forgotten at once.
async function commitment() {
  return hex(await sha256(concat(crypto.getRandomValues(new Uint8Array(SALT_BYTES)), utf8("{}"))));
}
