// Reads proof files from standard input, one JSON string a line, and writes the browser's report on
// each. Of an anchor the chain says what its block or chain stands for, as `Chains` in both_verifiers.py.
import { createInterface } from "node:readline";
import { nobody } from "../../../verifier/pinned.js";
import { verifyBytes } from "../../../verifier/verify.js";

const BESIDE = 100;
const STATES = {
  1: "final",
  2: "mined",
  3: "unreachable",
  4: "contradicted",
  6: "final",
  7: "settling",
  8: "disowned",
  9: "contested",
};
const TIMES = { 3: null, 4: null, 5: null, 6: 7, 8: null, 9: null };
const LATER = 4_000_000_000;

async function chain(anchor) {
  const of = anchor.block_number || anchor.chain_id - BESIDE;
  return { state: STATES[of] ?? "absent", reason: "as told", blockTime: of in TIMES ? TIMES[of] : LATER };
}

for await (const line of createInterface({ input: process.stdin })) {
  const { file, pin, now = null } = JSON.parse(line);
  // {ledger, by, host, newest}: the pin of one ledger, or of each.
  const pins = (ledger) => ([null, ledger].includes(pin.ledger) ? pin : nobody());
  const report = await verifyBytes(Uint8Array.from(Buffer.from(file, "base64")), chain, pins, now);
  process.stdout.write(`${JSON.stringify(report)}\n`);
}
