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

async function eventOf(contract, sending) {
  const receipt = await (await sending).wait();
  const parsed = receipt.logs.map((log) => contract.interface.parseLog(log));
  return [parsed.length, parsed[0].name, ...parsed[0].args];
}

module.exports = {
  LEDGER, ROOT, OTHER_ROOT, leafHash, nodeHash, hex, treeRoot, treePath, makeLeaves,
  deployed, opened, eventOf,
};
