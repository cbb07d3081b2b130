const assert = require("node:assert/strict");
const { ethers } = require("hardhat");
const {
  LEDGER, hex, leafHash, nodeHash, treeRoot, treePath, makeLeaves, opened,
} = require("./support");

const SIZES = [1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 13, 16, 17, 31, 33];
const flipped = (word) => hex(Buffer.from(ethers.getBytes(word)).fill(word[2] === "f" ? 0 : 255, 0, 1));

describe("verifyEntry", () => {
  let contract, owner, verify;
  const leaves = makeLeaves(64);
  const proofOf = (index, size) => treePath(index, leaves.slice(0, size)).map(hex);

  before(async () => {
    const room = await opened();
    ({ contract, owner } = room);
    for (const size of SIZES) await room.anchor(size, hex(treeRoot(leaves.slice(0, size))));
    verify = (size, index, leaf, path, epoch = 1) =>
      contract.verifyEntry(LEDGER, epoch, size, index, leaf, path);
  });

  it("accepts every entry of every tree", async () => {
    for (const size of SIZES) {
      for (let index = 0; index < size; index++) {
        const held = await verify(size, index, hex(leaves[index]), proofOf(index, size));
        assert.ok(held, `size ${size}, index ${index}`);
      }
    }
  });

  it("refuses each mutation of each proof", async () => {
    for (const size of [1, 2, 3, 5, 8, 13]) {
      for (let index = 0; index < size; index++) {
        const leaf = hex(leaves[index]);
        const path = proofOf(index, size);
        const cases = [
          ["index + size", size, index + size, leaf, path],
          ["greatest index", size, 2n ** 64n - 1n, leaf, path],
          ["leaf", size, index, flipped(leaf), path],
          ["extended below", size, index, leaf, [leaf, ...path]],
          ["extended above", size, index, leaf, [...path, leaf]],
          ["epoch", size, index, leaf, path, 2],
          ["unknown size", 10, index, leaf, path],
        ];
        for (let other = 0; other < size; other++) {
          if (other !== index) cases.push([`index ${other}`, size, other, leaf, path]);
        }
        path.forEach((word, i) => cases.push(
          [`path ${i}`, size, index, leaf, path.with(i, flipped(word))],
          [`without ${i}`, size, index, leaf, path.toSpliced(i, 1)],
        ));
        for (const [name, ...args] of cases) {
          assert.equal(await verify(...args), false, `size ${size}, index ${index}: ${name}`);
        }
      }
    }
  });

  it("refuses a proof of another anchored size", async () => {
    for (const size of SIZES) {
      for (const other of SIZES) {
        if (size === other) continue;
        const held = await verify(other, 0, hex(leaves[0]), proofOf(0, size));
        assert.equal(held, false, `proof for ${size} against ${other}`);
      }
    }
  });

  it("refuses an inner node with the path that remains, by its length", async () => {
    const inner = hex(nodeHash(leaves[0], leaves[1]));
    assert.equal(await verify(4, 0, inner, proofOf(0, 4).slice(1)), false);
  });

  it("refuses everything of the zero root, size zero and another ledger", async () => {
    const leaf = hex(leafHash("entry 0"));
    assert.equal(await verify(0, 0, leaf, []), false);
    assert.equal(await verify(64, 0, ethers.ZeroHash, []), false);
    assert.equal(await contract.verifyEntry(ethers.id("other"), 1, 1, 0, leaf, []), false);
  });

  it("agrees with the recursive definition at the size of its root only", async () => {
    const room = await opened();
    const root = hex(treeRoot(leaves));
    await room.anchor(64, root);
    for (const index of [0, 1, 31, 32, 62, 63]) {
      const path = treePath(index, leaves).map(hex);
      assert.ok(await room.contract.verifyEntry(LEDGER, 1, 64, index, hex(leaves[index]), path));
    }
  });

  it("refuses a disowned batch and keeps the others", async () => {
    await contract.connect(owner).startEpoch(LEDGER, 16, "test");
    assert.equal(await verify(17, 3, hex(leaves[3]), proofOf(3, 17)), false);
    assert.equal(await verify(16, 3, hex(leaves[3]), proofOf(3, 16)), true);
  });
});
