// My page: sign in, then see what the ledger says of me.
import { coinsOf, hoursOf } from "./account.js";
import { setUpCertificates } from "./certificates.js";
import { setUpCredits } from "./credits.js";
import { setUpEnrolment } from "./enrol.js";
import { listCoins, listHours, totals } from "./lists.js";
import { setUpShares } from "./shares.js";
import { ask, all } from "../shared/api.js";
import { copyButton } from "../shared/copy.js";
import { $, fill, show } from "../shared/dom.js";
import { say } from "../shared/message.js";
import { recoverable, setUpSignIn, signerOf } from "../shared/sign_in.js";
import { t } from "../shared/words.js";

/** @import { Me } from "../answers.d.ts" */
/** @import { Item } from "../shapes.d.ts" */

async function load() {
  const [me, items] = /** @type {[Me, Item[]]} */ (
    await Promise.all([ask("GET", "/me"), all("/me/entries")])
  );
  const hours = hoursOf(items, me.address);
  show(recoverable(), $("backup"));
  $("me").textContent = me.address;
  fill($("copy-me"), copyButton(me.address));
  $("volunteer-number").textContent = me.volunteer_number;
  totals(me);
  const share = await setUpShares();
  listHours(hours, { signerOf, reload: load, share });
  listCoins(coinsOf(items, me.address), me.account.yibi);
  await setUpCertificates(hours, share);
  await setUpCredits(items, me.address, load);
  show(false, $("out"));
  show(true, $("in"));
  if (setUpEnrolment(me, load)) say(t("This key is not enrolled yet. You can enrol it below."), "warn");
}

setUpSignIn(load);
