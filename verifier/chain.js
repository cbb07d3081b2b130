// Asking a chain about the anchor that a proof names (docs/spec/anchoring.md), by JSON-RPC of any node.
// Every field of the anchor is a claim. A silent node, or one of another chain, gives `unreachable`:
// that is never a pass and never a fault.
import { concat, equal, hex, unhex, utf8 } from "./bytes.js";
import { checksumAddress, isHash, keccak } from "./fields.js";

/** @import { Anchor, Bytes, Chain, Finding } from "./shapes.d.ts" */

// Keccak-256 of the committed runtime code of BatchAnchor; a test compares them.
const CODE_HASH = "0xe84329e93f6865ccd6d2c678fa037a2198f9160b2e4bd4402d15d9f8bea98dab";
const ZERO = "0x" + "0".repeat(64);
const DEVELOPMENT_CHAINS = [1337, 31337];
const DEMONSTRATION = "Hourledger demonstration chain";
const CONFIRMATIONS = 12;
const ANSWER_MS = 10_000;

/**
 * What a node is asked, and what it should say. An answer of another form ends in an error of the language.
 * @typedef {(method: string, params: unknown[]) => Promise<unknown>} Ask
 * @typedef {{ blockNumber: string, blockHash: string, to?: string, input?: string, data?: string }} Sent
 * @typedef {{ status: string, logs: { address: string, topics: string[], data: string }[] }} Receipt
 * @typedef {{ hash: string, timestamp: string }} Block
 */

// Ends the checks with a finding.
class Answer extends Error {
  /** @param {Finding["state"]} state @param {string} reason @param {number | null} [blockTime] */
  constructor(state, reason, blockTime = null) {
    super(reason);
    this.finding = { state, reason, blockTime };
  }
}

/** @type {(holds: unknown, state: Finding["state"], reason: string) => asserts holds} */
const demand = (holds, state, reason) => {
  if (!holds) throw new Answer(state, reason);
};

/** @type {(signature: string) => Bytes} */
const selector = (signature) => keccak(utf8(signature)).subarray(0, 4);
/** @type {(value: number | bigint) => Bytes} */
const word = (value) => unhex("0x" + BigInt(value).toString(16).padStart(64, "0"));

// A question to the node at an http(s) address: (method, params) → result. A node that has not answered
// in full after `limit` milliseconds does not answer.
/** @type {(url: string, limit?: number) => Ask} */
export function rpc(url, limit = ANSWER_MS) {
  return async (method, params) => {
    const { status, text } = await answered(url, limit, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
      credentials: "omit",
      referrerPolicy: "no-referrer",
    });
    return resultOf(text, status);
  };
}

// The same of a node that takes its questions by GET and keeps nothing of who asks, as a ledger's site does.
/** @type {(address: string, limit?: number) => Ask} */
export function relayed(address, limit = ANSWER_MS) {
  return async (method, params) => {
    const query = new URLSearchParams({ method, params: JSON.stringify(params) });
    const { status, text } = await answered(`${address}?${query}`, limit, {});
    return resultOf(text, status);
  };
}

// Phones of 2022 have no AbortSignal.timeout.
/** @type {(url: string, limit: number, options: RequestInit) => Promise<{ status: number, text: string }>} */
async function answered(url, limit, options) {
  const stop = new AbortController();
  const alarm = setTimeout(() => stop.abort(), limit);
  try {
    const answer = await fetch(url, { ...options, signal: stop.signal });
    return { status: answer.status, text: await answer.text() };
  } catch {
    throw new Error("the node does not answer");
  } finally {
    clearTimeout(alarm);
  }
}

/** @type {(text: string, status: number) => unknown} */
function resultOf(text, status) {
  const { result, error } = JSON.parse(text);
  if (error || result === undefined) throw new Error(error?.message ?? `HTTP ${status}`);
  return result;
}

// Looks anchors up by `ask`: (anchor, ledger id, size, root) → {state, reason, blockTime}. Ledger id
// (0x-hex), size and root come from verified sources. `confirmations` counts the anchor's own block.
/** @type {(ask: Ask, confirmations?: number | null) => Chain} */
export function chainReader(ask, confirmations = null) {
  return async (anchor, ledger, size, root) => {
    try {
      checkForm(anchor, size);
      return await lookUp(ask, anchor, unhex(ledger), root, confirmations);
    } catch (thrown) {
      const { constructor: kind, message, finding } = /** @type {Answer} */ (thrown);
      // What no node should say ends in an error of the language, which tells nobody anything.
      const reason = kind === Error ? message : "the node's answer cannot be read";
      return finding ?? { state: "unreachable", reason, blockTime: null };
    }
  };
}

/** @type {(anchor: Anchor, size: bigint) => void} */
function checkForm(anchor, size) {
  /** @type {(name: string) => string} */
  const wrong = (name) => `anchor field ${name} is malformed`;
  for (const name of /** @type {const} */ (["chain_id", "epoch", "size", "block_number"])) {
    demand(Number.isSafeInteger(anchor[name]) && anchor[name] >= 0, "contradicted", wrong(name));
  }
  for (const name of /** @type {const} */ (["transaction", "block_hash"]))
    demand(isHash(anchor[name]), "contradicted", wrong(name));
  const { contract } = anchor;
  const spelled = /^0x[0-9a-fA-F]{40}$/.test(contract) && checksumAddress(contract) === contract;
  demand(spelled, "contradicted", "anchor field contract is not an EIP-55 address");
  const same = BigInt(anchor.size) === size;
  demand(same, "contradicted", `anchor is of size ${anchor.size}, checkpoint of ${size}`);
}

/**
 * @type {(
 *   ask: Ask, anchor: Anchor, ledger: Bytes, root: Bytes, confirmations: number | null,
 * ) => Promise<Finding>}
 */
async function lookUp(ask, anchor, ledger, root, confirmations) {
  const { chain_id: chain, contract, epoch, size, transaction, block_number: number } = anchor;
  const call = concat(selector("status(bytes32,uint64,uint64)"), ledger, word(epoch), word(size));
  const [asked, code, status, sent, receipt] =
    /** @type {[string, string, string, Sent | null, Receipt | null]} */ (
      await Promise.all([
        ask("eth_chainId", []),
        ask("eth_getCode", [contract, "latest"]),
        ask("eth_call", [{ to: contract, data: hex(call) }, "latest"]),
        ask("eth_getTransactionByHash", [transaction]),
        ask("eth_getTransactionReceipt", [transaction]),
      ])
    );
  const other = `anchored on chain ${chain}, asked is ${Number(asked)}`;
  demand(BigInt(asked) === BigInt(chain), "unreachable", other);
  const known = hex(keccak(unhex(code))) === CODE_HASH;
  demand(known, "contradicted", `${contract} does not run BatchAnchor`);
  checkStored(status, epoch, size, root);
  checkSent(sent, anchor, concat(selector("anchor(bytes32,uint64,bytes32)"), ledger, word(size), root));
  checkReceipt(receipt, contract, [ledger, word(epoch), word(size)], root);
  const [block, head] = /** @type {[Block, string]} */ (
    await Promise.all([
      ask("eth_getBlockByNumber", [`0x${number.toString(16)}`, false]),
      ask("eth_blockNumber", []),
    ])
  );
  demand(block?.hash === anchor.block_hash, "unreachable", "the chain changed while it was asked");
  return placed(ask, chain, Number(block.timestamp), Number(head) - number + 1, confirmations);
}

/** @type {(status: string, epoch: number, size: number, root: Bytes) => void} */
function checkStored(status, epoch, size, root) {
  demand(/^0x[0-9a-f]{384}$/.test(status), "unreachable", "unreadable answer: status()");
  const words = /** @type {string[]} */ (status.slice(2).match(/.{64}/g)).map((text) => `0x${text}`);
  const [stored, disowned, , headEpoch] = words;
  demand(stored !== ZERO, "absent", `nothing anchored at epoch ${epoch}, size ${size}`);
  demand(stored === hex(root), "contradicted", `chain holds another root, ${stored.slice(2)}`);
  const below = `disowned: epoch ${BigInt(headEpoch)} began below it`;
  demand(disowned === ZERO, "contradicted", below);
}

/** @type {(sent: Sent | null, anchor: Anchor, data: Bytes) => void} */
function checkSent(sent, anchor, data) {
  demand(sent !== null, "absent", `no transaction ${anchor.transaction}`);
  const mined = sent.blockNumber && sent.blockHash;
  demand(mined, "absent", "transaction is not in a block");
  const number = Number(sent.blockNumber);
  demand(
    number === anchor.block_number,
    "contradicted",
    `mined in block ${number}, not ${anchor.block_number}`,
  );
  demand(sent.blockHash === anchor.block_hash, "contradicted", `block hash is ${sent.blockHash}`);
  const right = sent.to?.toLowerCase() === anchor.contract.toLowerCase();
  demand(right, "contradicted", "transaction was sent to another address");
  const input = (sent.input ?? sent.data ?? "").toLowerCase();
  demand(input === hex(data), "contradicted", "transaction is not this anchor call");
}

/** @type {(receipt: Receipt | null, contract: string, indexed: Bytes[], root: Bytes) => void} */
function checkReceipt(receipt, contract, indexed, root) {
  const done = receipt !== null && BigInt(receipt.status) === 1n;
  demand(done, "contradicted", "transaction was not carried out");
  const event = keccak(utf8("Anchored(bytes32,uint64,uint64,bytes32,address)"));
  const topics = [event, ...indexed].map(hex).join();
  const emitted = receipt.logs.some(
    (log) =>
      log.address.toLowerCase() === contract.toLowerCase() &&
      log.topics.join() === topics &&
      equal(unhex(log.data).subarray(0, 32), root),
  );
  demand(emitted, "contradicted", "transaction did not anchor this batch in this epoch");
}

/**
 * @type {(
 *   ask: Ask, chain: number, time: number, depth: number, confirmations: number | null,
 * ) => Promise<Finding>}
 */
async function placed(ask, chain, time, depth, confirmations) {
  // Only the chain inside a ledger has such ids; a demonstration says of itself that it is one.
  const version = chain >= 2 ** 40 ? /** @type {string} */ (await ask("web3_clientVersion", [])) : "";
  const demonstration = version.startsWith(DEMONSTRATION);
  const where = demonstration
    ? "on the demonstration chain, which nobody else witnesses"
    : `on chain ${chain}`;
  const usual = demonstration || DEVELOPMENT_CHAINS.includes(chain) ? 1 : CONFIRMATIONS;
  const needed = confirmations ?? usual;
  if (depth >= needed) {
    return { state: "final", reason: `${where}, confirmations: ${depth}`, blockTime: time };
  }
  const reason = `mined ${where}, ${depth} of ${needed} confirmations`;
  return { state: "mined", reason, blockTime: time };
}
