// Reads PDFs from standard input, one a line in base64, and writes the file inside each, in base64, or
// the verdict and reason where there is none.
import { createInterface } from "node:readline";
import { attachedFile } from "../../../verifier/pdf.js";
import { Unreadable } from "../../../verifier/unreadable.js";

for await (const line of createInterface({ input: process.stdin })) {
  let found;
  try {
    found = Buffer.from(attachedFile(Uint8Array.from(Buffer.from(line, "base64")))).toString("base64");
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    found = [error.verdict, error.message];
  }
  process.stdout.write(`${JSON.stringify(found)}\n`);
}
