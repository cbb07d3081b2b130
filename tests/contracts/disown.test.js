const assert = require("node:assert/strict");
const { ethers } = require("hardhat");
const {
  LEDGER, DAY, LOG, OTHER_LOG, hex, leafHash, nodeHash, treeRoot, opened, later, eventOf,
} = require("./support");

const ZERO = ethers.ZeroAddress;
const [ABSENT, SETTLING, FINAL, DISOWNED] = [0n, 1n, 2n, 3n];
const rootOf = (size, log = LOG) => hex(treeRoot(log.slice(0, size)));
const timeNow = async () => BigInt((await ethers.provider.getBlock("latest")).timestamp);

// The owner gives the right to anchor back to the same key, which has to accept it.
async function reinstate({ as, owner, anchorer }) {
  await as(owner, "proposeAnchorer", anchorer.address);
  await as(anchorer, "acceptAnchorer");
}

describe("disown", () => {
  it("takes back a size and all above it, and the anchorer's right, and says so for ever", async () => {
    for (const who of ["owner", "guardian"]) {
      const room = await opened();
      const { contract, as, anchor, anchorer, founder, status } = room;
      for (const size of [5, 7, 9]) await anchor(size);
      const sending = as(room[who], "disown", 7, "the key was stolen");
      assert.deepEqual(await eventOf(contract, sending), [
        2, "Disowned", founder, LEDGER, 1n, 7n, 5n, room[who].address, "the key was stolen",
      ]);
      const time = await timeNow();
      for (const size of [7, 9]) {
        const { root, state, disownedAt } = await status(size);
        assert.deepEqual([root, state, disownedAt], [rootOf(size), DISOWNED, time]);
      }
      const { state, headSize, era } = await status(5);
      assert.deepEqual([state, headSize, era], [SETTLING, 5n, 1n]);
      assert.equal((await contract.ledgerOf(founder, LEDGER))[2], ZERO);
      await assert.rejects(anchor(10), /NotAnchorer/);
      await assert.rejects(anchor(10, LOG, anchorer), /NotAnchorer/);
    }
  });

  it("is the way out when a thief of the anchorer key filled the ledger to the brim", async () => {
    const room = await opened();
    const { as, anchor, owner, anchorer, status } = room;
    await anchor(4);
    // Whatever extends the log extends it: he chooses what stands behind, up to the last size.
    const size = 2n ** 64n - 1n;
    const behind = [...Array(62).keys()].map((i) => leafHash(`garbage ${i}`));
    const garbage = behind.reduce(nodeHash, treeRoot(LOG.slice(0, 4)));
    await as(anchorer, "anchor", size, hex(garbage), behind.map(hex));
    await assert.rejects(anchor(100), /SizeNotGrowing/);
    await as(owner, "disown", size, "the key was stolen");
    await reinstate(room);
    await anchor(100);
    const { root, state, previous } = await status(100);
    assert.deepEqual([root, state, previous], [rootOf(100), SETTLING, 4n]);
  });

  it("touches nothing that is final, and nobody can", async () => {
    const { as, anchor, owner, guardian, status } = await opened();
    await anchor(3);
    await later(7 * DAY);
    await anchor(5);
    for (const caller of [owner, guardian]) {
      await assert.rejects(as(caller, "disown", 3, ""), /AlreadyFinal/);
    }
    await as(owner, "disown", 5, "");
    assert.deepEqual([(await status(3)).state, (await status(5)).state], [FINAL, DISOWNED]);
  });

  it("takes back everything while everything is young, and the log may begin anew", async () => {
    const room = await opened();
    await room.anchor(5);
    await room.as(room.owner, "disown", 5, "another machine's log");
    assert.equal((await room.status(0)).headSize, 0n);
    await reinstate(room);
    await room.anchor(3, OTHER_LOG);
    assert.equal((await room.status(3)).state, SETTLING);
    assert.equal((await room.status(5)).state, DISOWNED);
  });

  it("names a size that stands: none between, above, or taken back before", async () => {
    const { as, anchor, owner } = await opened();
    await anchor(5);
    await anchor(9);
    for (const size of [0, 4, 6, 10]) {
      await assert.rejects(as(owner, "disown", size, ""), /NothingStands/);
    }
    await as(owner, "disown", 9, "");
    await assert.rejects(as(owner, "disown", 9, ""), /NothingStands/);
  });

  it("is for owner and guardian of an open ledger only", async () => {
    const { contract, as, anchor, anchorer, next, stranger, founder, owner } = await opened();
    await anchor(5);
    await as(owner, "proposeOwner", next.address);
    await as(owner, "proposeAnchorer", next.address);
    for (const caller of [anchorer, stranger, next]) {
      await assert.rejects(as(caller, "disown", 5, ""), /NotOwnerOrGuardian/);
    }
    await assert.rejects(contract.disown(founder, ethers.id("no"), 5, ""), /NotOpen/);
  });

  it("keeps of two roots of one size when and why the one was taken back", async () => {
    const room = await opened();
    const { contract, as, anchor, owner, founder, status } = room;
    await anchor(4);
    await anchor(8, OTHER_LOG);
    await as(owner, "disown", 8, "first");
    const first = await timeNow();
    await later(DAY);
    await reinstate(room);
    await anchor(8);
    await as(owner, "disown", 4, "second");
    const second = await timeNow();
    const taken = async (size, log) => {
      const { time, reason } = await contract.disownedRoot(founder, LEDGER, size, rootOf(size, log));
      return [time, reason];
    };
    assert.deepEqual(await taken(8, OTHER_LOG), [first, "first"]);
    assert.deepEqual(await taken(8, LOG), [second, "second"]);
    assert.deepEqual(await taken(4, LOG), [second, "second"]);
    assert.deepEqual(await taken(9, LOG), [0n, ""]);
    assert.deepEqual([...(await contract.disownedRoot(founder, LEDGER, 9, ethers.ZeroHash))], [0n, ""]);
    const { root, state } = await status(8);
    assert.deepEqual([root, state], [rootOf(8), DISOWNED], "the newest that was taken back");
    await reinstate(room);
    await anchor(4);
    assert.deepEqual(await taken(4, LOG), [second, "second"], "what stands again was taken back");
    assert.equal((await status(4)).state, SETTLING);
  });

  it("goes back over several eras, and forward again", async () => {
    const room = await opened();
    const { as, owner, anchor, status } = room;
    await anchor(5);
    await anchor(9);
    await as(owner, "disown", 9, "");
    await reinstate(room);
    await anchor(20);
    await anchor(30);
    await as(owner, "disown", 30, "");
    const states = async (...sizes) =>
      Promise.all(sizes.map(async (size) => (await status(size)).state));
    assert.deepEqual(await states(5, 9, 20, 30), [SETTLING, DISOWNED, SETTLING, DISOWNED]);
    await as(owner, "disown", 5, "");
    assert.deepEqual(await states(5, 9, 20, 30), [DISOWNED, DISOWNED, DISOWNED, DISOWNED]);
    await reinstate(room);
    await anchor(9);
    assert.deepEqual(await states(5, 9, 20, 30), [DISOWNED, SETTLING, DISOWNED, DISOWNED]);
    assert.equal((await status(10)).state, ABSENT);
  });

  it("is done 64 times at most, and the ledger goes on", async () => {
    const room = await opened();
    const { as, owner, anchor, status } = room;
    await anchor(2);
    for (let era = 1; era <= 64; era++) {
      await anchor(3 + (era % 5));
      await as(owner, "disown", 3 + (era % 5), `${era}`);
      await reinstate(room);
    }
    await anchor(9);
    await assert.rejects(as(owner, "disown", 9, ""), /TooManyEras/);
    await anchor(10);
    const { era, headSize, state } = await status(2);
    assert.deepEqual([era, headSize, state], [64n, 10n, SETTLING]);
  });

  it("keeps a reason of 256 bytes and no more", async () => {
    const { contract, as, anchor, owner, founder } = await opened();
    await anchor(3);
    await assert.rejects(as(owner, "disown", 3, "x".repeat(257)), /LongReason/);
    await as(owner, "disown", 3, "理".repeat(85));
    const found = await contract.disownedRoot(founder, LEDGER, 3, rootOf(3));
    assert.equal(found.reason, "理".repeat(85));
  });
});
