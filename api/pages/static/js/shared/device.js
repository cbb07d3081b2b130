// The key in this browser: make it, bring it back from its recovery code, unlock it, remove it.
import { addressOf, deviceSigner, isKey, newKey } from "./keys.js";
import { codeOf, forget, keyOf, store, stored, unlock } from "./key_store.js";
import { quiet, say } from "./message.js";
import { $, button, el, fill, show } from "./dom.js";
import { t } from "./words.js";

/** @import { Bytes } from "../../verifier/shapes.d.ts" */
/** @import { Signer } from "../shapes.d.ts" */
/** @import { Stored } from "./key_store.js" */

/** @typedef {(found: Signer) => Promise<void>} Enter */

/** @type {(enter: Enter, current: () => Signer | null) => Promise<void>} */
export async function setUpDevice(enter, current) {
  const found = await stored();
  show(found, $("device-open"));
  show(!found, $("device-make"));
  if (found)
    /** @type {HTMLElement} */ (document.querySelector("[data-device-address]")).textContent = found.address;

  onSubmit($("device-open"), async () => {
    const key = await unlock(/** @type {Stored} */ (found), $("open-passphrase").value);
    if (!key) return say(t("That is not the passphrase."), "bad");
    $("open-passphrase").value = "";
    await enterWith(key, enter);
  });
  onSubmit($("device-make"), async () => {
    const code = $("make-code").value.trim();
    const key = code ? keyOf(code) : newKey();
    if (!key || !isKey(key))
      return say(t("The recovery code has a slip: compare it with your paper."), "bad");
    await store(addressOf(key), key, $("make-passphrase").value);
    $("make-passphrase").value = $("make-code").value = "";
    await enterWith(key, enter);
    if (!code) showCode(key);
  });
  $("device-remove").addEventListener("click", () => askToRemove(/** @type {Stored} */ (found)));
  $("backup").addEventListener("click", () => showCode(/** @type {Required<Signer>} */ (current()).code()));
}

/** @type {(key: Bytes, enter: Enter) => Promise<void>} */
async function enterWith(key, enter) {
  quiet();
  await enter({ ...deviceSigner(key), code: () => key });
}

/** @type {(key: Bytes) => void} */
function showCode(key) {
  fill(
    $("recovery"),
    el("p", {}, el("strong", {}, t("Write this code on paper and keep it where you keep documents."))),
    el("p", { class: "mono whole" }, codeOf(key)),
    el(
      "p",
      {},
      t(
        "Whoever has the code has your key. Without it, a lost browser or phone means a lost key, and nobody, not even your organisation, can move your hours to a new one.",
      ),
    ),
    button(t("I have written it down"), () => show(false, $("recovery"))),
  );
  show(true, $("recovery"));
  $("recovery").scrollIntoView({ block: "center" });
}

/** @type {(found: { address: string }) => void} */
function askToRemove(found) {
  const remove = async () => {
    await forget();
    location.reload();
  };
  fill(
    $("message"),
    el(
      "p",
      {},
      t("Without the recovery code the key {address} is then lost for ever.", { address: found.address }),
    ),
    el("p", { class: "actions" }, button(t("Remove it"), remove, "grave"), button(t("Keep it"), quiet)),
  );
  $("message").className = "notice bad";
  show(true, $("message"));
}

/** @type {(form: HTMLElement, act: () => Promise<void>) => void} */
function onSubmit(form, act) {
  const press = /** @type {HTMLButtonElement} */ (form.querySelector("button:not([type])"));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    press.disabled = true;
    try {
      await act();
    } catch (error) {
      say(/** @type {Error} */ (error).message, "bad");
    } finally {
      press.disabled = false;
    }
  });
}
