// Asking a chain about the anchor that a proof names (docs/spec/anchoring.md), by JSON-RPC of any node.
// Every field of the anchor is a claim. What counts is what the contract holds now: transaction and block are
// hints, by which the time is found, and judge nothing. A node that is silent, behind or of another chain gives
// `unreachable`: that is never a pass and never a fault.
import { concat, equal, hex, unhex, utf8 } from "./bytes.js";
import { checksumAddress, isHash, keccak } from "./fields.js";

/** @import { Anchor, Bytes, Chain, Finding } from "./shapes.d.ts" */

// Keccak-256 of every released runtime code of BatchAnchor, without the compiler's note about the sources
// behind it: the list of `anchoring/known_code.py`, which only grows; a test compares them.
const KNOWN_CODE = ["0x45e9ca4fe9c52faab9bb4656c528fd19ee72f6c61c417547e2297d2db2fffdba"];
const ZERO = "0x" + "0".repeat(64);
const DEVELOPMENT_CHAINS = [1337, 31337];
const DEMONSTRATION = "Hourledger demonstration chain";
const CONFIRMATIONS = 12;
const ANSWER_MS = 10_000;

/**
 * What a node is asked, and what it should say. An answer of another form ends in an error of the language.
 * @typedef {(method: string, params: unknown[]) => Promise<unknown>} Ask
 * @typedef {{ address: string, topics: string[], data: string }} Log
 * @typedef {{ status: string, blockNumber: string, logs: Log[] }} Receipt
 * @typedef {{ timestamp: string }} Block
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
/** @type {(value: number) => string} */
const quantity = (value) => `0x${value.toString(16)}`;

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
// (0x-hex), size and root come from verified sources. `confirmations` counts the anchor's own block. `pinned`,
// the ledger's contract (EIP-55) as the caller knows it, is the only one asked; without it the reason names the
// file's: within one contract there is one root of a size, in another there may be another.
/** @type {(ask: Ask, confirmations?: number | null, pinned?: string | null) => Chain} */
export function chainReader(ask, confirmations = null, pinned = null) {
  return async (anchor, ledger, size, root) => {
    try {
      checkForm(anchor, size);
      const other = `contract ${anchor.contract} is not the known one`;
      demand(pinned === null || pinned === anchor.contract, "unreachable", other);
      const found = await lookUp(ask, anchor, unhex(ledger), root, confirmations);
      if (found.state !== "final" || pinned !== null) return found;
      return { ...found, reason: `${found.reason}, by contract ${anchor.contract}, which the file names` };
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
  const { chain_id: chain, contract, epoch, size, transaction, block_number: hint } = anchor;
  const data = hex(concat(selector("status(bytes32,uint64,uint64)"), ledger, word(epoch), word(size)));
  /** @type {(block: string) => Promise<unknown>} */
  const status = (block) => ask("eth_call", [{ to: contract, data }, block]);
  const [asked, number, code, stored, receipt] =
    /** @type {[string, string, string, string, Receipt | null]} */ (
      await Promise.all([
        ask("eth_chainId", []),
        ask("eth_blockNumber", []),
        ask("eth_getCode", [contract, "latest"]),
        status("latest"),
        ask("eth_getTransactionReceipt", [transaction]),
      ])
    );
  const other = `anchored on chain ${chain}, asked is ${Number(asked)}`;
  demand(BigInt(asked) === BigInt(chain), "unreachable", other);
  const head = Number(number);
  const known = isKnown(unhex(code));
  const behind = `the node is at block ${head}, the anchor is of block ${hint}`;
  demand((known && rootIn(stored) !== ZERO) || head >= hint, "unreachable", behind);
  demand(known, "unreachable", `${contract} does not run BatchAnchor`);
  checkStored(stored, epoch, size, root);
  const [where, usual] = await depthOf(ask, chain);
  const needed = confirmations ?? usual;
  const since =
    blockOf(receipt, contract, [ledger, word(epoch), word(size)], root) ??
    (await held(status, head - needed + 1, head, root));
  const block = /** @type {Block} */ (await ask("eth_getBlockByNumber", [quantity(since), false]));
  const depth = Math.max(1, head - since + 1);
  const blockTime = Number(block.timestamp);
  return depth >= needed
    ? { state: "final", reason: `${where}, confirmations: ${depth}`, blockTime }
    : { state: "mined", reason: `mined ${where}, ${depth} of ${needed} confirmations`, blockTime };
}

// The note is never reached; its length stands in the last two bytes.
/** @type {(code: Bytes) => boolean} */
function isKnown(code) {
  const end = code.length < 2 ? 0 : code.length - 2 - (code[code.length - 2] * 256 + code[code.length - 1]);
  return KNOWN_CODE.includes(hex(keccak(code.subarray(0, Math.max(0, end)))));
}

// The words of what status() returns.
/** @type {(status: string) => string[]} */
function words(status) {
  demand(/^0x[0-9a-f]{384}$/.test(status), "unreachable", "unreadable answer: status()");
  return /** @type {string[]} */ (status.slice(2).match(/.{64}/g)).map((text) => `0x${text}`);
}

/** @type {(status: string) => string} */
const rootIn = (status) => words(status)[0];

/** @type {(status: string, epoch: number, size: number, root: Bytes) => void} */
function checkStored(status, epoch, size, root) {
  const [stored, disowned, , headEpoch] = words(status);
  demand(stored !== ZERO, "absent", `nothing anchored at epoch ${epoch}, size ${size}`);
  demand(stored === hex(root), "contradicted", `chain holds another root, ${stored.slice(2)}`);
  const below = `disowned: epoch ${BigInt(headEpoch)} began below it`;
  demand(disowned === ZERO, "contradicted", below);
}

// The block of the transaction, if it is the one that anchored the batch; null if it is another.
/** @type {(receipt: Receipt | null, contract: string, indexed: Bytes[], root: Bytes) => number | null} */
function blockOf(receipt, contract, indexed, root) {
  if (receipt === null || BigInt(receipt.status) !== 1n) return null;
  const event = keccak(utf8("Anchored(bytes32,uint64,uint64,bytes32,address)"));
  const topics = [event, ...indexed].map(hex).join();
  const emitted = receipt.logs.some(
    (log) =>
      log.address.toLowerCase() === contract.toLowerCase() &&
      log.topics.join() === topics &&
      equal(unhex(log.data).subarray(0, 32), root),
  );
  return emitted ? Number(receipt.blockNumber) : null;
}

// Block `deep`, if the contract held the root there; else the head, where it does.
/**
 * @type {(
 *   status: (block: string) => Promise<unknown>, deep: number, head: number, root: Bytes,
 * ) => Promise<number>}
 */
async function held(status, deep, head, root) {
  if (deep < 0 || deep >= head) return head;
  return rootIn(/** @type {string} */ (await status(quantity(deep)))) === hex(root) ? deep : head;
}

// How a chain is called, and how deep an anchor must lie on it where nobody says otherwise.
/** @type {(ask: Ask, chain: number) => Promise<[string, number]>} */
async function depthOf(ask, chain) {
  // Only the chain inside a ledger has such ids; a demonstration says of itself that it is one.
  const version = chain >= 2 ** 40 ? /** @type {string} */ (await ask("web3_clientVersion", [])) : "";
  if (version.startsWith(DEMONSTRATION))
    return ["on the demonstration chain, which nobody else witnesses", 1];
  return [`on chain ${chain}`, DEVELOPMENT_CHAINS.includes(chain) ? 1 : CONFIRMATIONS];
}
