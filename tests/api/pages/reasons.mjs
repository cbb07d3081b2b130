// Says reasons of checks as the page does: reads {words, reasons: [[check, reason]]}, writes what each says.
import { readFileSync } from "node:fs";
import { register } from "node:module";

// A server puts the verifier beside the scripts of the pages; a checkout has it at its front door.
const verifier = new URL("../../../verifier/", import.meta.url);
const hooks = `export function resolve(name, context, next) {
  const inside = /^(?:\\.\\.\\/)+verifier\\/(.+)$/.exec(name);
  return next(inside ? new URL(inside[1], "${verifier}").href : name, context);
}`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`);

const { words, reasons } = JSON.parse(readFileSync(0, "utf8"));
globalThis.document = {
  documentElement: { lang: "zh-Hans" },
  getElementById: () => ({ textContent: JSON.stringify(words) }),
  querySelector: () => ({ dataset: { utcOffset: "480" } }),
};
const { reasonText } = await import("../../../api/pages/static/js/verify/reasons.js");
process.stdout.write(JSON.stringify(reasons.map(([check, reason]) => reasonText(check, reason))));
