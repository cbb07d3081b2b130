// Shared by the contract tests: one opened ledger, and an RFC 9162 tree written from the RFC's
// recursive definition (2.1.1, 2.1.3.1, 2.1.4.1), not from the contract's loops.
const crypto = require("node:crypto");
const { ethers } = require("hardhat");

const CHARTER = ethers.id("a charter");
const LEDGER = ethers.id("a ledger");
const DAY = 86_400;

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

// PROOF(first, leaves); `given`: whoever is asked knows the root of the first tree already.
function treeConsistency(first, leaves, given = true) {
  if (first === leaves.length) return given ? [] : [treeRoot(leaves)];
  const k = split(leaves.length);
  const [left, right] = [leaves.slice(0, k), leaves.slice(k)];
  return first <= k
    ? [...treeConsistency(first, left, given), treeRoot(right)]
    : [...treeConsistency(first - k, right, false), treeRoot(left)];
}

// The same of logs whose entries are all alike, which may be of any size: their subtrees are few.
function alike(leaf) {
  const roots = new Map([[1, leaf]]);
  const root = (size) => {
    if (!roots.has(size)) roots.set(size, nodeHash(root(split(size)), root(size - split(size))));
    return roots.get(size);
  };
  const path = (index, size) => {
    if (size === 1) return [];
    const k = split(size);
    return index < k ? [...path(index, k), root(size - k)] : [...path(index - k, size - k), root(k)];
  };
  const consistency = (first, size, given = true) => {
    if (first === size) return given ? [] : [root(size)];
    const k = split(size);
    return first <= k
      ? [...consistency(first, k, given), root(size - k)]
      : [...consistency(first - k, size - k, false), root(k)];
  };
  return { leaf, root, path, consistency };
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
const keyOf = (what, ...parts) => sha256(Buffer.from([0x0d, what]), ...parts.map(bytes));
const accountKey = (account) => keyOf(1, account);
const statusKey = (subject, record) =>
  Buffer.concat([keyOf(3, subject).subarray(0, 8), keyOf(4, subject, record)]);
const OPENING = ethers.id("what opens a leaf");
const hidden = (text, opening = OPENING) =>
  sha256(Buffer.from([0x09]), bytes(opening), Buffer.from(text));
const totalsOf = (totals, opening = OPENING) =>
  [...[...NUMBERS, "head"].map((name) => totals[name]), opening];
const totalsText = (totals) => {
  const members = NUMBERS.map((name) => `"${name}":${totals[name]}`);
  return `{${[...members, `"head":"${totals.head}"`].sort().join()}}`;
};
const statusText = (status, by) => JSON.stringify({ changed_by: by, status });
const sealOf = (seal, path = seal.path) =>
  [seal.accepted_at, seal.batch, seal.sealed_at, seal.state_root, seal.charter, path];
const sealText = ({ accepted_at, index, batch, charter, sealed_at, state_root }) =>
  `{"accepted_at":${accepted_at},"flags":[],"index":${index},"record":{"body":{"batch":${batch},` +
  `"charter":"${charter}","sealed_at":${sealed_at},"state_root":"${state_root}"},"kind":"seal","signatures":[]}}`;

const makeLeaves = (count) => Array.from({ length: count }, (_, i) => leafHash(`entry ${i}`));

const LOG = makeLeaves(100);
const OTHER_LOG = [...LOG.slice(0, 4), ...LOG.slice(5)];

async function deployed() {
  const [owner, anchorer, next, guardian, stranger] = await ethers.getSigners();
  const contract = await ethers.deployContract("BatchAnchor", [], stranger);
  return { contract, owner, anchorer, next, guardian, stranger };
}

// What a ledger anchors next: [size, root, consistency], by its log and the size before.
const growth = (leaves, size, before) => [
  size, hex(treeRoot(leaves.slice(0, size))),
  before === 0 || before >= size ? [] : treeConsistency(before, leaves.slice(0, size)).map(hex),
];

async function opened() {
  const room = await deployed();
  const { contract, owner, anchorer, guardian } = room;
  await contract.connect(owner).open(LEDGER, anchorer.address, guardian.address);
  const founder = owner.address;
  const status = (size) => contract.status(founder, LEDGER, size);
  // Call `name` of the ledger as somebody.
  const as = (who, name, ...args) => contract.connect(who)[name](founder, LEDGER, ...args);
  const anchor = async (size, leaves = LOG, by = anchorer) =>
    as(by, "anchor", ...growth(leaves, size, Number((await status(0)).headSize)));
  return { ...room, founder, status, as, anchor };
}

// A verifier over an anchor contract, and logs to prove things in.
async function stateRoom() {
  const { contract: anchor, owner, anchorer, founder, guardian } = await opened();
  const verifier = await ethers.deployContract("StateVerifier", [await anchor.getAddress()]);
  const account = (args) => verifier.verifyAccount(...args);
  const status = ([batch, seal, subject, record, by, path, opening = OPENING], word) =>
    verifier.verifyChanged(
      batch, seal, subject, record, [STATUSES.indexOf(word), by, opening], path,
    );
  // A new ledger that anchors [size, root, consistency], one after another.
  const anchored = async (ledgerId, batches) => {
    await anchor.connect(owner).open(ledgerId, anchorer.address, guardian.address);
    for (const batch of batches) {
      await anchor.connect(anchorer).anchor(founder, ledgerId, ...batch);
    }
  };
  let ledgers = 0;
  // A new ledger whose log of `size` ends with the entry that `write` makes: [batch, seal].
  const sealed = async (root, { size = 5, write = sealText, ...numbers } = {}) => {
    const seal = { accepted_at: 1700000009, batch: 7, charter: CHARTER, sealed_at: 1700000004, ...numbers };
    seal.state_root = hex(root);
    const leaves = makeLeaves(size);
    leaves[size - 1] = leafHash(write({ ...seal, index: size - 1 }));
    const ledgerId = ethers.id(`ledger ${ledgers++}`);
    await anchored(ledgerId, [growth(leaves, size, 0)]);
    const path = treePath(size - 1, leaves).map(hex);
    const proof = [founder, ledgerId, size, size - 1, hex(leaves[size - 1]), path];
    if (!(await anchor.verifyEntry(...proof))) throw new Error("the entry is not in the log");
    return [[founder, ledgerId, size], sealOf(seal, path)];
  };
  return { anchor, owner, founder, verifier, account, status, anchored, sealed };
}

// Seconds later; the next block is mined then.
const later = (seconds) => ethers.provider.send("evm_increaseTime", [seconds]);

async function eventOf(contract, sending) {
  const receipt = await (await sending).wait();
  const parsed = receipt.logs.map((log) => contract.interface.parseLog(log));
  return [parsed.length, parsed[0].name, ...parsed[0].args];
}

module.exports = {
  LEDGER, DAY, LOG, OTHER_LOG, leafHash, nodeHash, hex, treeRoot, treePath, treeConsistency, alike,
  makeLeaves, growth, deployed, opened, later, eventOf,
  varint, bitAt, stateLeaf, stateRoot, statePath, stateRoom, NUMBERS, STATUSES, bytes, accountKey,
  OPENING, hidden, statusKey, totalsOf, totalsText, statusText, sealOf, sealText,
};
