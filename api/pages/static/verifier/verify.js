// One way in: the bytes of a proof file → {verdict, checks: [{name, ok, reason}], facts}.
import { FORMAT as ACCOUNT, verifyAccount } from "./account.js";
import { CHECKS, verifyBundle } from "./bundle.js";
import { Refused, Run } from "./checks.js";
import { parseJson } from "./json.js";

const FILE_BYTES_MAX = 32 * 1024 * 1024;

// `chain` asks about one anchor (chain.js), or is null; with `trusted`, a ledger id, only that
// ledger's proofs hold.
export async function verifyBytes(bytes, chain = null, trusted = null) {
  let value;
  try {
    value = parseJson(bytes, FILE_BYTES_MAX);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const run = new Run(CHECKS);
    run.note("format", false, error.message);
    return run.report("invalid");
  }
  const verifiers = { [ACCOUNT]: verifyAccount };
  return (verifiers[value?.format] ?? verifyBundle)(value, chain, trusted);
}
