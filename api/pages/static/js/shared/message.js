// The one place where the page says what happened.
import { $, show } from "./dom.js";

// `kind` is good, warn or bad.
/** @type {(text: string, kind?: "good" | "warn" | "bad") => void} */
export function say(text, kind = "good") {
  const place = $("message");
  place.className = `notice ${kind}`;
  place.textContent = text;
  show(true, place);
  place.scrollIntoView({ block: "nearest" });
}

export const quiet = () => show(false, $("message"));
