const assert = require("node:assert/strict");
const { ethers } = require("hardhat");
const {
  LEDGER, LOG, OTHER_LOG, hex, leafHash, nodeHash, treeRoot, treePath, alike, opened,
} = require("./support");

const SIZES = [1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 13, 16, 17, 31, 33];
const flipped = (word) => hex(Buffer.from(ethers.getBytes(word)).fill(word[2] === "f" ? 0 : 255, 0, 1));

describe("verifyEntry", () => {
  let room, contract, founder, verify;
  const leaves = LOG;
  const proofOf = (index, size) => treePath(index, leaves.slice(0, size)).map(hex);

  before(async () => {
    room = await opened();
    ({ contract, founder } = room);
    for (const size of SIZES) await room.anchor(size);
    verify = (size, index, leaf, path) =>
      contract.verifyEntry(founder, LEDGER, size, index, leaf, path);
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

  it("refuses everything of size zero, another ledger and another founder", async () => {
    const leaf = hex(leafHash("entry 0"));
    assert.equal(await verify(0, 0, leaf, []), false);
    assert.equal(await verify(64, 0, ethers.ZeroHash, []), false);
    assert.equal(await verify(1, 0, leaf, []), true);
    for (const [by, id] of [[founder, ethers.id("other")], [room.next.address, LEDGER]]) {
      assert.equal(await contract.verifyEntry(by, id, 1, 0, leaf, []), false);
    }
  });

  it("agrees with the recursive definition in trees of any size", async () => {
    const tree = alike(leafHash("the same entry"));
    for (const size of [64, 2 ** 20, 2 ** 30 - 1, 2 ** 30, 2 ** 40 + 12345]) {
      const other = await opened();
      await other.as(other.anchorer, "anchor", size, hex(tree.root(size)), []);
      for (const index of [0, 1, Math.floor(size / 2), size - 2, size - 1]) {
        const args = [other.founder, LEDGER, size, index, hex(tree.leaf)];
        const path = tree.path(index, size).map(hex);
        assert.ok(await other.contract.verifyEntry(...args, path), `${index} of ${size}`);
        assert.equal(await other.contract.verifyEntry(...args, path.slice(1)), false);
      }
    }
  });

  it("refuses a batch that was taken back, and keeps the others", async () => {
    await room.as(room.owner, "disown", 17, "test");
    assert.equal(await verify(17, 3, hex(leaves[3]), proofOf(3, 17)), false);
    assert.equal(await verify(33, 3, hex(leaves[3]), proofOf(3, 33)), false);
    assert.equal(await verify(16, 3, hex(leaves[3]), proofOf(3, 16)), true);
  });

  it("asks the root that stands where a size was anchored twice", async () => {
    const again = await opened();
    await again.anchor(4);
    await again.anchor(8, OTHER_LOG);
    await again.as(again.owner, "disown", 8, "the key was stolen");
    await again.as(again.owner, "proposeAnchorer", again.next.address);
    await again.as(again.next, "acceptAnchorer");
    await again.anchor(8, LOG, again.next);
    const held = (log) => again.contract.verifyEntry(
      founder, LEDGER, 8, 5, hex(log[5]), treePath(5, log.slice(0, 8)).map(hex),
    );
    assert.deepEqual([await held(LOG), await held(OTHER_LOG)], [true, false]);
  });
});
