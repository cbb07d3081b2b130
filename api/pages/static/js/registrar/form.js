// How a roster was read, in the reader's words. The server says it as `CSV, gbk, ','` or `XLSX, sheet`.
import { t } from "../shared/words.js";

const CSV = /^CSV, (\S+), '(.+)'$/;
/** @type {Record<string, string>} */
const PARTED = { ",": t("commas"), "\\t": t("tabs"), ";": t("semicolons"), "，": t("full-width commas") };

/** @type {(form: string) => string} */
export function formText(form) {
  const found = CSV.exec(form);
  if (found === null) return form.replace(", ", t(", "));
  const [, encoding, mark] = found;
  return t("CSV in {encoding}, parted by {mark}", {
    encoding: encoding.toUpperCase(),
    mark: PARTED[mark] ?? mark,
  });
}
