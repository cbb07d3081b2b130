// A button that copies a text.
import { button } from "./dom.js";
import { t } from "./words.js";

/** @type {(text: string) => HTMLButtonElement} */
export function copyButton(text) {
  const press = button(t("Copy"), async () => {
    await navigator.clipboard.writeText(text);
    press.textContent = t("Copied");
  });
  return press;
}
