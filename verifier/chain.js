// Asking a chain about the anchor that a proof names (docs/spec/anchoring.md), by JSON-RPC of any node.
// Every field of the anchor is a claim. What counts is what the contract holds now: transaction and block are
// hints, which judge nothing. A node that is silent, behind or of another chain gives
// `unreachable`: that is never a pass and never a fault.
import { concat, hex, unhex, utf8 } from "./bytes.js";
import { checksumAddress, isHash, keccak } from "./fields.js";
import { HIDDEN } from "./kinds.js";

/** @import { Anchor, Bytes, Chain, Finding } from "./shapes.d.ts" */

// Keccak-256 of every released runtime code of BatchAnchor: the list of `anchoring/known_code.py`, which only
// grows; a test compares them.
const KNOWN_CODE = ["0xfdf69d16e8696b20385b4a8c18ea94025641f06498fe60fb7f6c01cf39e83016"];
const STATUS = "status(address,bytes32,uint64)";
const DISOWNED_ROOT = "disownedRoot(address,bytes32,uint64,bytes32)";
// What the contract says of a size whose root may still be taken back, and of one whose root may not.
const SETTLING = 1n;
const FINAL = 2n;
// Seconds for which the contract lets an anchor be taken back.
const REVIEW_WINDOW = 604_800n;
const YEAR_10000 = 253_402_300_800n;
const DEVELOPMENT_CHAINS = [1337, 31337];
const DEMONSTRATION = "Hourledger demonstration chain";
const CONFIRMATIONS = 12;
const ANSWER_MS = 10_000;

/**
 * What a node is asked, and what it should say. An answer of another form ends in an error of the language.
 * @typedef {(method: string, params: unknown[]) => Promise<unknown>} Ask
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
// file's, and its founder: in one place there is one root of a size, in another there may be another. With
// `final` a root that may still be taken back is not enough.
/**
 * @type {(
 *   ask: Ask, confirmations?: number | null, pinned?: string | null, final?: boolean,
 * ) => Chain}
 */
export function chainReader(ask, confirmations = null, pinned = null, final = false) {
  return async (anchor, ledger, size, root) => {
    try {
      checkForm(anchor, size);
      const { contract, founder } = anchor;
      const other = `contract ${contract} is not the known one`;
      demand(pinned === null || pinned === contract, "unreachable", other);
      const named =
        pinned === null ? `, by contract ${contract} and founder ${founder}, which the file names` : "";
      return await lookUp(ask, anchor, unhex(ledger), root, { confirmations, named, final });
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
  for (const name of /** @type {const} */ (["chain_id", "size", "block_number"])) {
    demand(Number.isSafeInteger(anchor[name]) && anchor[name] >= 0, "contradicted", wrong(name));
  }
  for (const name of /** @type {const} */ (["transaction", "block_hash"]))
    demand(isHash(anchor[name]), "contradicted", wrong(name));
  for (const name of /** @type {const} */ (["contract", "founder"])) {
    const spelled =
      /^0x[0-9a-fA-F]{40}$/.test(anchor[name]) && checksumAddress(anchor[name]) === anchor[name];
    demand(spelled, "contradicted", `anchor field ${name} is not an EIP-55 address`);
  }
  const same = BigInt(anchor.size) === size;
  demand(same, "contradicted", `anchor is of size ${anchor.size}, checkpoint of ${size}`);
}

// The finding about a root that stands; throws any other.
/**
 * @type {(
 *   ask: Ask, anchor: Anchor, ledger: Bytes, root: Bytes,
 *   how: { confirmations: number | null, named: string, final: boolean },
 * ) => Promise<Finding>}
 */
async function lookUp(ask, anchor, ledger, root, { confirmations, named, final }) {
  const { chain_id: chain, contract, size, block_number: hint } = anchor;
  const place = concat(new Uint8Array(12), unhex(anchor.founder.toLowerCase()), ledger, word(size));
  /** @type {(signature: string, args: Bytes, block?: string) => Promise<string>} */
  const call = async (signature, args, block = "latest") =>
    /** @type {string} */ (
      await ask("eth_call", [{ to: contract, data: hex(concat(selector(signature), args)) }, block])
    );
  const [asked, number, code, answer] = /** @type {[string, string, string, string]} */ (
    await Promise.all([
      ask("eth_chainId", []),
      ask("eth_blockNumber", []),
      ask("eth_getCode", [contract, "latest"]),
      call(STATUS, place),
    ])
  );
  const other = `anchored on chain ${chain}, asked is ${Number(asked)}`;
  demand(BigInt(asked) === BigInt(chain), "unreachable", other);
  const head = Number(number);
  /** @type {(holds: boolean, state: Finding["state"], reason: string) => void} */
  const demandThere = (holds, state, reason) => {
    demand(
      holds || head >= hint,
      "unreachable",
      `the node is at block ${head}, the anchor is of block ${hint}`,
    );
    demand(holds, state, reason);
  };
  const known = KNOWN_CODE.includes(hex(keccak(unhex(code))));
  demandThere(known, "unreachable", `${contract} does not run BatchAnchor`);
  const status = statusIn(answer);
  if (!holds(status, root)) {
    if (status.era > 0n) checkDisowned(await call(DISOWNED_ROOT, concat(place, root)));
    demandThere(stands(status), "absent", `nothing stands anchored at size ${size}`);
    const another = `the chain holds another root, ${status.root.slice(2)}, since ${moment(status.time)}`;
    demand(status.state !== SETTLING, "contested", `${another}; it can still be taken back`);
    demand(false, "contradicted", another);
  }
  const [where, usual] = await depthOf(ask, chain);
  const needed = confirmations ?? usual;
  const deep = head - needed + 1;
  const blockTime = Number(status.time);
  // What stands there as of a block with just so many confirmations is no younger than it.
  if (deep < head && !(deep >= 0 && wasHeld(await call(STATUS, place, quantity(deep)), root)))
    return { state: "mined", reason: `mined ${where}, not ${needed} blocks deep yet`, blockTime };
  if (status.state !== SETTLING) return { state: "final", reason: `${where}${named}`, blockTime };
  const until = moment(status.time + REVIEW_WINDOW);
  if (final) return { state: "mined", reason: `${where}, but final only from ${until} on`, blockTime };
  const reason = `${where}${named}; the ledger's owner may take it back until ${until}`;
  return { state: "settling", reason, blockTime };
}

// What status() returns: root, time, the size before, state, time of its disown, size and time of the head, era,
// time now.
/** @typedef {{ root: string, time: bigint, state: bigint, era: bigint }} Stored */
/** @type {(answer: string) => Stored} */
function statusIn(answer) {
  demand(/^0x[0-9a-f]{576}$/.test(answer), "unreachable", "unreadable answer: status()");
  const words = /** @type {string[]} */ (answer.slice(2).match(/.{64}/g)).map((text) => `0x${text}`);
  return { root: words[0], time: BigInt(words[1]), state: BigInt(words[3]), era: BigInt(words[7]) };
}

/** @type {(status: Stored) => boolean} */
const stands = ({ state }) => state === SETTLING || state === FINAL;
/** @type {(status: Stored, root: Bytes) => boolean} */
const holds = (status, root) => stands(status) && status.root === hex(root);
// Where the contract was not there yet, a node answers nothing.
/** @type {(answer: string, root: Bytes) => boolean} */
const wasHeld = (answer, root) => answer !== "0x" && holds(statusIn(answer), root);

// Time and reason of the disown of a root, or a time of zero: (uint64, string) in the ABI's form.
/** @type {(answer: string) => void} */
function checkDisowned(answer) {
  const data = unhex(answer);
  const time = BigInt(hex(data.subarray(0, 32)));
  if (time === 0n) return;
  const length = Number(BigInt(hex(data.subarray(64, 96))));
  // What the owner gave as his reason is any text, or none.
  const text = new TextDecoder().decode(data.subarray(96, 96 + length));
  const told = text === "" || text.includes("\ufffd") || HIDDEN.test(text) ? "" : `: ${text}`;
  const reason = `the ledger took this anchor back at ${moment(time)}; ask for a fresh proof${told}`;
  demand(false, "disowned", reason);
}

// A time as reasons have it; a contract may say any number of 64 bits.
/** @type {(time: bigint) => string} */
function moment(time) {
  return time < YEAR_10000 ? new Date(Number(time) * 1000).toISOString().replace(".000Z", "Z") : `${time}`;
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
