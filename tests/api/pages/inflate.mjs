// Reads streams of the format `deflate` from standard input, one a line in base64, and writes what each
// holds, in base64, or null where it is damaged.
import { createInterface } from "node:readline";
import { inflated } from "../../../verifier/inflate.js";

for await (const line of createInterface({ input: process.stdin })) {
  const found = inflated(Uint8Array.from(Buffer.from(line, "base64")), 2 ** 20);
  process.stdout.write(`${JSON.stringify(found && Buffer.from(found).toString("base64"))}\n`);
}
