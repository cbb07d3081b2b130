// Says reasons of checks as the page does: reads {words, reasons: [[check, reason]]}, writes what each says.
import { readFileSync } from "node:fs";

const { words, reasons } = JSON.parse(readFileSync(0, "utf8"));
globalThis.document = {
  documentElement: { lang: "zh-Hans" },
  getElementById: () => ({ textContent: JSON.stringify(words) }),
  querySelector: () => ({ dataset: { utcOffset: "480" } }),
};
const { reasonText } = await import("../../../api/pages/static/js/verify/reasons.js");
process.stdout.write(JSON.stringify(reasons.map(([check, reason]) => reasonText(check, reason))));
