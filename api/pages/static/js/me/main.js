// My page: sign in, then see what the book says of me.
import { ask, all, endSession, session, signIn, signOut } from "./api.js";
import { coinsOf, hoursOf } from "./book.js";
import { setUpCertificates } from "./certificates.js";
import { setUpDevice } from "./device.js";
import { walletSigner } from "./keys.js";
import { listCoins, listHours, totals } from "./lists.js";
import { say } from "./message.js";
import { setUpShares } from "./shares.js";
import { $, show } from "../shared/dom.js";
import { t } from "../shared/words.js";

// Who signs in this tab; none after a reload, until the key is asked for again.
let signer = null;

async function enter(found) {
  await signIn(found);
  signer = found;
  await load();
}

async function load() {
  const [me, items] = await Promise.all([ask("GET", "/me"), all("/me/entries")]);
  const hours = hoursOf(items, me.address);
  show(signer?.code, $("backup"));
  $("me").textContent = me.address;
  totals(me);
  const share = await setUpShares();
  listHours(hours, { signerOf, reload: load, share });
  listCoins(coinsOf(items, me.address), me.account.yibi);
  await setUpCertificates(hours, share);
  show(false, $("out"));
  show(true, $("in"));
  if (!me.volunteer) say(t("This key is not enrolled yet: give its address to your organisation."), "warn");
}

// The key that signs records: asked for again where only the session is left of it.
async function signerOf() {
  if (!signer && window.ethereum) signer = await walletSigner(window.ethereum);
  if (!signer) throw new Error(t("Sign out and in again, so that your key can sign."));
  if (signer.address !== session()?.address) throw new Error(t("Another key is chosen in the wallet."));
  return signer;
}

async function leave() {
  signer = null;
  await signOut();
  location.reload();
}

// Runs what a button asks for, once at a time, and says what went wrong.
function onPress(button, act) {
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      await act();
    } catch (error) {
      say(error.message, "bad");
    } finally {
      button.disabled = false;
    }
  });
}

onPress($("wallet"), async () => enter(await walletSigner(window.ethereum)));
onPress($("sign-out"), leave);
await setUpDevice(enter, () => signer);
// Wallets announce themselves late.
show(!window.ethereum, $("no-wallet"));
$("wallet").disabled = !window.ethereum;
addEventListener("ethereum#initialized", () => location.reload(), { once: true });
if (session()) {
  try {
    await load();
  } catch (error) {
    endSession();
    say(error.message, "warn");
  }
}
document.documentElement.dataset.ready = "";
