// Writes the code points that no text has, as the browser's verifier sees them.
import { HIDDEN } from "../../../verifier/kinds.js";

const found = [];
for (let point = 0; point <= 0x10ffff; point += 1) {
  if (HIDDEN.test(String.fromCodePoint(point))) found.push(point);
}
process.stdout.write(JSON.stringify(found));
