const assert = require("node:assert/strict");
const { ethers } = require("hardhat");
const { LEDGER, ROOT, OTHER_ROOT, deployed, opened, eventOf } = require("./support");

const ZERO = ethers.ZeroAddress;
const ZERO_ROOT = ethers.ZeroHash;
const MAX_SIZE = 2n ** 64n - 1n;

describe("open", () => {
  it("makes the caller the owner, at epoch 1 and size 0", async () => {
    const { contract, owner, anchorer } = await deployed();
    const sending = contract.connect(owner).open(LEDGER, anchorer.address);
    assert.deepEqual(await eventOf(contract, sending), [
      1, "Opened", LEDGER, owner.address, anchorer.address,
    ]);
    assert.deepEqual([...(await contract.ledgerOf(LEDGER))], [
      owner.address, anchorer.address, ZERO,
    ]);
    const status = await contract.status(LEDGER, 1, 1);
    const now = BigInt(await ethers.provider.getBlockNumber());
    assert.deepEqual([...status].slice(0, 5), [ZERO_ROOT, false, 0n, 1n, now]);
  });

  it("is once for ever, the owner included", async () => {
    const { contract, owner, stranger } = await opened();
    for (const caller of [owner, stranger]) {
      await assert.rejects(contract.connect(caller).open(LEDGER, caller.address), /AlreadyOpen/);
    }
  });

  it("refuses the zero anchorer", async () => {
    const { contract } = await deployed();
    await assert.rejects(contract.open(LEDGER, ZERO), /ZeroAnchorer/);
  });

  it("leaves an unopened ledger all zero", async () => {
    const { contract } = await deployed();
    assert.deepEqual([...(await contract.ledgerOf(LEDGER))], [ZERO, ZERO, ZERO]);
    assert.deepEqual([...(await contract.status(LEDGER, 1, 1))].slice(0, 5), [
      ZERO_ROOT, false, 0n, 0n, 0n,
    ]);
  });
});

describe("anchor", () => {
  it("stores the root for good and moves the head", async () => {
    const { contract, anchorer, anchor } = await opened();
    assert.deepEqual(await eventOf(contract, anchor(7)), [
      1, "Anchored", LEDGER, 1n, 7n, ROOT, anchorer.address,
    ]);
    await anchor(9, OTHER_ROOT);
    const now = BigInt(await ethers.provider.getBlockNumber());
    const first = await contract.status(LEDGER, 1, 7);
    assert.deepEqual([...first].slice(0, 5), [ROOT, false, 9n, 1n, now]);
    assert.equal((await contract.status(LEDGER, 1, 9)).root, OTHER_ROOT);
    assert.equal((await contract.status(LEDGER, 1, 8)).root, ZERO_ROOT);
    assert.equal((await contract.status(LEDGER, 2, 9)).root, ZERO_ROOT);
  });

  it("refuses a size that does not grow, the same root included", async () => {
    const { anchor } = await opened();
    await assert.rejects(anchor(0), /SizeNotGrowing/);
    await anchor(7);
    for (const size of [0, 6, 7]) {
      await assert.rejects(anchor(size, ROOT), /SizeNotGrowing/);
    }
  });

  it("refuses the zero root, a stranger, the owner and an unopened ledger", async () => {
    const { contract, anchor, owner, stranger, anchorer } = await opened();
    await assert.rejects(anchor(1, ZERO_ROOT), /ZeroRoot/);
    for (const caller of [owner, stranger]) {
      await assert.rejects(contract.connect(caller).anchor(LEDGER, 1, ROOT), /NotAnchorer/);
    }
    await assert.rejects(
      contract.connect(anchorer).anchor(ethers.id("unopened"), 1, ROOT), /NotOpen/,
    );
  });

  it("keeps ledgers apart", async () => {
    const { contract, anchor, stranger } = await opened();
    const second = ethers.id("a second ledger");
    await contract.connect(stranger).open(second, stranger.address);
    await contract.connect(stranger).anchor(second, 3, OTHER_ROOT);
    await anchor(2);
    assert.equal((await contract.status(LEDGER, 1, 3)).root, ZERO_ROOT);
    assert.equal((await contract.status(second, 1, 2)).root, ZERO_ROOT);
    assert.equal((await contract.status(second, 1, 3)).headSize, 3n);
  });

  it("takes the greatest size", async () => {
    const { contract, anchor } = await opened();
    await anchor(MAX_SIZE);
    assert.equal((await contract.status(LEDGER, 1, MAX_SIZE)).headSize, MAX_SIZE);
  });
});

describe("rotation of the anchorer", () => {
  it("takes two steps, and the old key works until the second", async () => {
    const { contract, owner, anchorer, next, anchor } = await opened();
    const proposing = contract.connect(owner).proposeAnchorer(LEDGER, next.address);
    assert.deepEqual(await eventOf(contract, proposing), [
      1, "AnchorerProposed", LEDGER, next.address,
    ]);
    await assert.rejects(contract.connect(next).anchor(LEDGER, 1, ROOT), /NotAnchorer/);
    await anchor(1);
    const accepting = contract.connect(next).acceptAnchorer(LEDGER);
    assert.deepEqual(await eventOf(contract, accepting), [
      1, "AnchorerChanged", LEDGER, anchorer.address, next.address,
    ]);
    assert.deepEqual([...(await contract.ledgerOf(LEDGER))], [
      owner.address, next.address, ZERO,
    ]);
    await assert.rejects(anchor(2), /NotAnchorer/);
    await contract.connect(next).anchor(LEDGER, 2, ROOT);
    await assert.rejects(contract.connect(next).acceptAnchorer(LEDGER), /NotPendingAnchorer/);
  });

  it("is proposed by the owner only, of an open ledger, and never to zero", async () => {
    const { contract, owner, anchorer } = await opened();
    await assert.rejects(
      contract.connect(anchorer).proposeAnchorer(LEDGER, anchorer.address), /NotOwner/,
    );
    await assert.rejects(contract.connect(owner).proposeAnchorer(LEDGER, ZERO), /ZeroAnchorer/);
    await assert.rejects(
      contract.proposeAnchorer(ethers.id("unopened"), anchorer.address), /NotOpen/,
    );
  });

  it("is accepted by the proposed key only, and a newer proposal replaces the older", async () => {
    const { contract, owner, next, stranger } = await opened();
    await assert.rejects(contract.connect(next).acceptAnchorer(LEDGER), /NotPendingAnchorer/);
    await contract.connect(owner).proposeAnchorer(LEDGER, next.address);
    await contract.connect(owner).proposeAnchorer(LEDGER, stranger.address);
    await assert.rejects(contract.connect(next).acceptAnchorer(LEDGER), /NotPendingAnchorer/);
    await contract.connect(stranger).acceptAnchorer(LEDGER);
  });

  it("revokes both keys at once, and a new one may be brought in", async () => {
    const { contract, owner, anchorer, next, anchor } = await opened();
    await contract.connect(owner).proposeAnchorer(LEDGER, next.address);
    const revoking = contract.connect(owner).revokeAnchorer(LEDGER);
    assert.deepEqual(await eventOf(contract, revoking), [
      1, "AnchorerChanged", LEDGER, anchorer.address, ZERO,
    ]);
    await assert.rejects(anchor(1), /NotAnchorer/);
    await assert.rejects(contract.connect(next).acceptAnchorer(LEDGER), /NotPendingAnchorer/);
    await contract.connect(owner).proposeAnchorer(LEDGER, next.address);
    await contract.connect(next).acceptAnchorer(LEDGER);
    await contract.connect(next).anchor(LEDGER, 1, ROOT);
  });

  it("is revoked by the owner only", async () => {
    const { contract, anchorer } = await opened();
    await assert.rejects(contract.connect(anchorer).revokeAnchorer(LEDGER), /NotOwner/);
    await assert.rejects(contract.revokeAnchorer(ethers.id("unopened")), /NotOpen/);
  });
});

describe("startEpoch", () => {
  const start = ({ contract, owner }, size) =>
    contract.connect(owner).startEpoch(LEDGER, size, "the anchorer key leaked");

  it("disowns what is above, keeps what is below, and goes on", async () => {
    const room = await opened();
    await room.anchor(5);
    await room.anchor(MAX_SIZE, OTHER_ROOT);
    await assert.rejects(room.anchor(6), /SizeNotGrowing/);
    assert.deepEqual(await eventOf(room.contract, start(room, 5)), [
      1, "EpochStarted", LEDGER, 2n, 5n, "the anchorer key leaked",
    ]);
    const bad = await room.contract.status(LEDGER, 1, MAX_SIZE);
    assert.deepEqual([bad.root, bad.disowned, bad.headSize, bad.headEpoch], [
      OTHER_ROOT, true, 5n, 2n,
    ]);
    assert.equal((await room.contract.status(LEDGER, 1, 5)).disowned, false);
    await assert.rejects(room.anchor(5), /SizeNotGrowing/);
    await room.anchor(6);
    assert.equal((await room.contract.status(LEDGER, 2, 6)).disowned, false);
  });

  it("starts from zero when nothing was good", async () => {
    const room = await opened();
    await room.anchor(5);
    await start(room, 0);
    assert.equal((await room.contract.status(LEDGER, 1, 5)).disowned, true);
    await room.anchor(1);
  });

  it("refuses a size never anchored or disowned before", async () => {
    const room = await opened();
    await room.anchor(5);
    await room.anchor(9);
    await assert.rejects(start(room, 6), /NotGoodSize/);
    await start(room, 5);
    await assert.rejects(start(room, 9), /NotGoodSize/);
    await room.anchor(8);
    await assert.rejects(start(room, 9), /NotGoodSize/);
    await start(room, 5);
    await assert.rejects(start(room, 8), /NotGoodSize/);
    await start(room, 0);
    await assert.rejects(start(room, 5), /NotGoodSize/);
  });

  it("never gives back a size that any epoch in between disowned", async () => {
    const room = await opened();
    await room.anchor(5);
    await room.anchor(9);
    await start(room, 5);
    await room.anchor(20);
    await start(room, 20);
    const status = (epoch, size) => room.contract.status(LEDGER, epoch, size);
    assert.equal((await status(1, 9)).disowned, true);
    assert.equal((await status(1, 5)).disowned, false);
    assert.equal((await status(2, 20)).disowned, false);
    await start(room, 5);
    assert.equal((await status(2, 20)).disowned, true);
    assert.equal((await status(1, 5)).disowned, false);
  });

  it("is for the owner of an open ledger only", async () => {
    const { contract, anchorer } = await opened();
    await assert.rejects(contract.connect(anchorer).startEpoch(LEDGER, 0, ""), /NotOwner/);
    await assert.rejects(contract.startEpoch(ethers.id("unopened"), 0, ""), /NotOpen/);
  });
});
