// Reads questions about anchors from standard input, one JSON object a line, and writes what the
// browser's reader of chains finds.
import { createInterface } from "node:readline";
import { unhex } from "../../../verifier/bytes.js";
import { chainReader, rpc } from "../../../verifier/chain.js";

for await (const line of createInterface({ input: process.stdin })) {
  const { url, confirmations, pinned = null, final = false, anchor, ledger, size, root } = JSON.parse(line);
  const look = chainReader(rpc(url), confirmations, pinned, final);
  const finding = await look(anchor, ledger, BigInt(size), unhex(root));
  process.stdout.write(`${JSON.stringify(finding)}\n`);
}
