// The published anchors: what nodes answer, and what the browser's reader of chains makes of it.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { askChain } from "../anchor.js";
import { hex, unhex, utf8 } from "../bytes.js";
import { chainReader } from "../chain.js";
import { Run, verdictOf } from "../checks.js";
import { keccak } from "../fields.js";

/** @import { Anchor, Finding } from "../shapes.d.ts" */

/**
 * @typedef {{
 *   chain_id: number, head: number, code: string, latest: string, deep: string, disowned: string,
 * }} Told
 * @typedef {{
 *   name: string, anchor: Anchor, final: boolean, pinned: string | null, node: Told,
 *   finding: { state: Finding["state"], reason: string, block_time: number | null }, verdict: string,
 * }} Row
 */

/** @type {(path: string) => any} */
const read = (path) => JSON.parse(readFileSync(new URL(`../../${path}`, import.meta.url), "utf8"));
/** @type {{ ledger_id: string, size: number, root: string, confirmations: number, targets: unknown[], rows: Row[] }} */
const published = read("tests/vectors/anchors.json");
const { deployedBytecode: known } = read("anchoring/abi/BatchAnchor.json");
const STATUS = hex(keccak(utf8("status(address,bytes32,uint64)")).subarray(0, 4));

// A node that answers as a vector says.
/** @type {(node: Told) => (method: string, params: unknown[]) => Promise<unknown>} */
const told = (node) => async (method, params) => {
  if (method === "eth_chainId") return `0x${node.chain_id.toString(16)}`;
  if (method === "eth_blockNumber") return `0x${node.head.toString(16)}`;
  if (method === "eth_getCode") return node.code === "known" ? known : node.code;
  assert.equal(method, "eth_call");
  const [{ data }, block] = /** @type {[{ data: string }, string]} */ (params);
  if (!data.startsWith(STATUS)) return node.disowned;
  return block === "latest" ? node.latest : node.deep;
};

/** @type {any} */
const root = { genesis: { targets: published.targets }, charters: [] };

for (const { name, anchor, final, pinned, node, finding, verdict } of published.rows) {
  test(`an anchor: ${name}`, async () => {
    const chain = chainReader(told(node), published.confirmations, pinned, final);
    const head = { size: BigInt(published.size), root: unhex(published.root) };
    const { state, reason, blockTime } = await chain(anchor, published.ledger_id, head.size, head.root);
    assert.deepEqual({ state, reason, block_time: blockTime }, finding);
    const run = new Run(["anchor"]);
    const outcome = await askChain(
      run,
      [anchor],
      root,
      published.ledger_id,
      /** @type {any} */ (head),
      chain,
    );
    assert.equal(verdictOf(run.all(), [anchor], outcome), verdict);
  });
}
