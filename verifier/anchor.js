// The check `anchor`: what the chains that a charter names say of a verified checkpoint.
import { targetsOf } from "./charters.js";

/** @import { Run } from "./checks.js" */
/** @import { Anchor, Chain, Finding, Head, Outcome, Root, Target } from "./shapes.d.ts" */

const ELSEWHERE = "anchored where no charter of this ledger says";
const NOT_BY_CLOCK = "not anchored yet on the chain that is the ledger's clock";
const NO_HINT = `0x${"00".repeat(32)}`;

// What the check comes to; null for all others.
/** @type {Partial<Record<Finding["state"], boolean>>} */
const HELD = { contradicted: false, final: true, settling: true };

// The clock, the first target of the charter in force for the checkpoint's size, decides; an anchor of the
// file that is at no target is none. Each other target is asked whatever the file names, and must not hold
// another root.
/**
 * @type {(
 *   run: Run, anchors: Anchor[], root: Root, ledger: string, head: Head | null, chain: Chain | null,
 * ) => Promise<Outcome | null>}
 */
export async function askChain(run, anchors, root, ledger, head, chain) {
  if (head === null || anchors.length === 0) {
    const missing = "no checkpoint of the log is shown to look for";
    run.note("anchor", null, head === null ? missing : "the checkpoint is not anchored on a chain yet");
    return { state: "mined" };
  }
  const [clock, ...others] = targetsOf(root, head.size);
  const claim = claimAt(anchors, clock);
  if (!chain && claim) {
    run.note("anchor", null, "no chain was asked");
    return null;
  }
  /** @type {(anchor: Anchor) => Promise<Finding>} */
  const ask = (anchor) => /** @type {Chain} */ (chain)(anchor, ledger, head.size, head.root);
  const beside = others.some((other) => claimAt(anchors, other));
  /** @type {Finding} */
  const nothing = { state: "absent", reason: beside ? NOT_BY_CLOCK : ELSEWHERE, blockTime: null };
  const found = claim ? await ask(claim) : nothing;
  let [held, reason] = [HELD[found.state] ?? null, found.reason];
  for (const other of chain ? others : []) {
    const also = await ask(claimOf(other, head.size));
    if (also.state === "contradicted" && held !== false)
      [held, reason] = [false, `${also.reason}; this is chain ${other.chain_id}, not the clock`];
    else if (HELD[also.state] && held) reason += `; also on chain ${other.chain_id}`;
  }
  run.note("anchor", held, reason);
  return found;
}

// The anchor at the place of a target, of which a file has one at most.
/** @type {(anchors: Anchor[], target: Target) => Anchor | undefined} */
const claimAt = (anchors, { chain_id, anchor, founder }) =>
  anchors.find((one) => one.chain_id === chain_id && one.contract === anchor && one.founder === founder);

// An anchor of a size at a target, with no hints.
/** @type {(target: Target, size: bigint) => Anchor} */
const claimOf = ({ chain_id, anchor: contract, founder }, size) => ({
  ...{ chain_id, contract, founder, size: Number(size) },
  ...{ transaction: NO_HINT, block_number: 0, block_hash: NO_HINT },
});
