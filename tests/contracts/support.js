// Shared by the contract tests: one opened ledger, and an RFC 9162 tree written from the RFC's
// recursive definition (2.1.1, 2.1.3.1), not from the contract's loop.
const crypto = require("node:crypto");
const { ethers } = require("hardhat");

const LEDGER = ethers.id("a ledger");
const ROOT = ethers.id("a root");
const OTHER_ROOT = ethers.id("another root");

const sha256 = (...parts) => crypto.createHash("sha256").update(Buffer.concat(parts)).digest();
const leafHash = (data) => sha256(Buffer.from([0]), Buffer.from(data));
const nodeHash = (left, right) => sha256(Buffer.from([1]), left, right);
const hex = (bytes) => `0x${bytes.toString("hex")}`;

function split(count) {
  let power = 1;
  while (power * 2 < count) power *= 2;
  return power;
}

function treeRoot(leaves) {
  if (leaves.length === 1) return leaves[0];
  const k = split(leaves.length);
  return nodeHash(treeRoot(leaves.slice(0, k)), treeRoot(leaves.slice(k)));
}

function treePath(index, leaves) {
  if (leaves.length === 1) return [];
  const k = split(leaves.length);
  return index < k
    ? [...treePath(index, leaves.slice(0, k)), treeRoot(leaves.slice(k))]
    : [...treePath(index - k, leaves.slice(k)), treeRoot(leaves.slice(0, k))];
}

// The state tree from its definition (docs/spec/batches.md); pairs are [key, value] in bytes.
const varint = (number) =>
  number < 128
    ? Buffer.from([number])
    : Buffer.concat([Buffer.from([(number % 128) + 128]), varint(Math.floor(number / 128))]);
const sized = (data) => Buffer.concat([varint(data.length), data]);
const stateLeaf = (key, value) => sha256(Buffer.from([0]), sized(key), sized(value));
const stateNode = (bit, left, right) => sha256(Buffer.from([1]), varint(bit), left, right);

function bitAt(key, bit) {
  const place = Math.floor(bit / 8);
  const byte = place < key.length ? key[place] : place === key.length ? 0x00 : 0xff;
  return (byte >> (7 - (bit % 8))) & 1;
}

function parted(pairs) {
  let bit = 0;
  while (new Set(pairs.map(([key]) => bitAt(key, bit))).size === 1) bit += 1;
  return [bit, ...[0, 1].map((side) => pairs.filter(([key]) => bitAt(key, bit) === side))];
}

function stateRoot(pairs) {
  if (pairs.length === 1) return stateLeaf(...pairs[0]);
  const [bit, left, right] = parted(pairs);
  return stateNode(bit, stateRoot(left), stateRoot(right));
}

function statePath(key, pairs) {
  if (pairs.length === 1) return Buffer.alloc(0);
  const [bit, ...sides] = parted(pairs);
  const mine = bitAt(key, bit);
  const step = [varint(bit), stateRoot(sides[1 - mine])];
  return Buffer.concat([statePath(key, sides[mine]), ...step]);
}

// Totals, statuses and seals as docs/spec writes them, and the arguments that stand for them.
const NUMBERS = [
  "credit_minutes", "honour_minutes", "voided_minutes", "minted", "received", "sent", "entries",
];
const STATUSES = ["recorded", "disputed", "amended", "void"];
const bytes = (word) => Buffer.from(word.slice(2), "hex");
const accountKey = (account) => Buffer.concat([Buffer.from("account/"), bytes(account)]);
const recordKey = (record) => Buffer.concat([Buffer.from("record/"), bytes(record)]);
const totalsOf = (totals) => [...NUMBERS, "head"].map((name) => totals[name]);
const totalsText = (totals) => {
  const members = NUMBERS.map((name) => `"${name}":${totals[name]}`);
  return `{${[...members, `"head":"${totals.head}"`].sort().join()}}`;
};
const statusText = (status, by, flags = []) =>
  JSON.stringify({ changed_by: by ?? null, flags, status });
const sealOf = (seal, path = seal.path) =>
  [seal.accepted_at, seal.batch, seal.sealed_at, seal.state_root, seal.charter, path];
const sealText = ({ accepted_at, index, batch, charter, sealed_at, state_root }) =>
  `{"accepted_at":${accepted_at},"index":${index},"record":{"body":{"batch":${batch},` +
  `"charter":"${charter}","sealed_at":${sealed_at},"state_root":"${state_root}"},"kind":"seal","signatures":[]}}`;

const makeLeaves = (count) => Array.from({ length: count }, (_, i) => leafHash(`entry ${i}`));

async function deployed() {
  const [owner, anchorer, next, stranger] = await ethers.getSigners();
  const contract = await ethers.deployContract("BatchAnchor", [], stranger);
  return { contract, owner, anchorer, next, stranger };
}

async function opened() {
  const room = await deployed();
  await room.contract.connect(room.owner).open(LEDGER, room.anchorer.address);
  const anchor = (size, root = ROOT) =>
    room.contract.connect(room.anchorer).anchor(LEDGER, size, root);
  return { ...room, anchor };
}

// A verifier over an anchor contract, and logs to prove things in.
async function stateRoom() {
  const { contract: anchor, owner, anchorer } = await opened();
  const verifier = await ethers.deployContract("StateVerifier", [await anchor.getAddress()]);
  const account = (args) => verifier.verifyAccount(...args);
  const status = ([batch, seal, record, by, path], word, flags = []) =>
    verifier.verifyStatus(batch, seal, record, [STATUSES.indexOf(word), by, flags], path);
  const anchored = async (ledgerId, batches) => {
    await anchor.connect(owner).open(ledgerId, anchorer.address);
    for (const [size, root] of batches) await anchor.connect(anchorer).anchor(ledgerId, size, root);
  };
  let ledgers = 0;
  // A new ledger whose log of `size` ends with the entry that `write` makes: [batch, seal].
  const sealed = async (root, { size = 5, write = sealText, ...numbers } = {}) => {
    const seal = { accepted_at: 1700000009, batch: 7, charter: OTHER_ROOT, sealed_at: 1700000004, ...numbers };
    seal.state_root = hex(root);
    const leaves = makeLeaves(size);
    leaves[size - 1] = leafHash(write({ ...seal, index: size - 1 }));
    const ledgerId = ethers.id(`ledger ${ledgers++}`);
    await anchored(ledgerId, [[size, hex(treeRoot(leaves))]]);
    const path = treePath(size - 1, leaves).map(hex);
    const proof = [ledgerId, 1, size, size - 1, hex(leaves[size - 1]), path];
    if (!(await anchor.verifyEntry(...proof))) throw new Error("the entry is not in the log");
    return [[ledgerId, 1, size], sealOf(seal, path)];
  };
  return { anchor, owner, verifier, account, status, anchored, sealed };
}

async function eventOf(contract, sending) {
  const receipt = await (await sending).wait();
  const parsed = receipt.logs.map((log) => contract.interface.parseLog(log));
  return [parsed.length, parsed[0].name, ...parsed[0].args];
}

module.exports = {
  LEDGER, ROOT, OTHER_ROOT, leafHash, nodeHash, hex, treeRoot, treePath, makeLeaves,
  deployed, opened, eventOf,
  varint, stateLeaf, stateRoot, statePath, stateRoom, NUMBERS, STATUSES, bytes, accountKey,
  recordKey, totalsOf, totalsText, statusText, sealOf, sealText,
};
