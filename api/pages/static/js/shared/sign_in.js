// Signing in, on every page that knows a person: with a key in this browser, or with a wallet.
import { endSession, session, signIn, signOut } from "./api.js";
import { setUpDevice } from "./device.js";
import { $, show } from "./dom.js";
import { walletSigner } from "./keys.js";
import { say } from "./message.js";
import { withoutCryptography } from "./secure.js";
import { t } from "./words.js";

/** @import { Signer } from "../shapes.d.ts" */
/** @import { Wallet } from "./keys.js" */

// The wallet that a browser has, or nothing.
const injected = () => /** @type {{ ethereum?: Wallet }} */ (/** @type {unknown} */ (window)).ethereum;

// Who signs in this tab; none after a reload, until the key is asked for again.
/** @type {Signer | null} */
let signer = null;

// The key that signs records: asked for again where only the session is left of it.
/** @type {() => Promise<Signer>} */
export async function signerOf() {
  const wallet = injected();
  if (!signer && wallet) signer = await walletSigner(wallet);
  if (!signer) throw new Error(t("Sign out and in again, so that your key can sign."));
  if (signer.address !== session()?.address) throw new Error(t("Another key is chosen in the wallet."));
  return signer;
}

// The key of a browser that can be written down; none for a wallet's.
/** @type {() => Signer["code"]} */
export const recoverable = () => signer?.code;

// Runs what a button or a form asks for, once at a time, and says what went wrong.
/** @type {(button: EventTarget | null, act: () => Promise<unknown>) => Promise<void>} */
export async function once(button, act) {
  const press = /** @type {HTMLButtonElement} */ (button);
  press.disabled = true;
  try {
    await act();
  } catch (error) {
    say(/** @type {Error} */ (error).message, "bad");
  } finally {
    press.disabled = false;
  }
}

// Sets the page up. `load` fills it for who has signed in.
/** @type {(load: () => Promise<void>) => Promise<void>} */
export async function setUpSignIn(load) {
  /** @type {(found: Signer) => Promise<void>} */
  const enter = async (found) => {
    await signIn(found);
    signer = found;
    await load();
  };
  const leave = async () => {
    signer = null;
    await signOut();
    location.reload();
  };
  $("wallet").addEventListener("click", ({ target }) =>
    once(target, async () => enter(await walletSigner(/** @type {Wallet} */ (injected())))),
  );
  $("sign-out").addEventListener("click", ({ target }) => once(target, leave));
  await setUpDevice(enter, () => signer);
  // Wallets announce themselves late.
  show(!injected(), $("no-wallet"));
  $("wallet").disabled = !injected();
  addEventListener("ethereum#initialized", () => location.reload(), { once: true });
  if (session()) {
    try {
      await load();
    } catch (error) {
      endSession();
      say(/** @type {Error} */ (error).message, "warn");
    }
  }
  if (withoutCryptography) say(withoutCryptography, "warn");
  document.documentElement.dataset.ready = "";
}
