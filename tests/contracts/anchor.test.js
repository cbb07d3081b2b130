const assert = require("node:assert/strict");
const { ethers } = require("hardhat");
const {
  LEDGER, DAY, LOG, OTHER_LOG, hex, leafHash, treeRoot, treeConsistency, alike, growth, deployed,
  opened, later, eventOf,
} = require("./support");

const ZERO = ethers.ZeroAddress;
const ZERO_ROOT = ethers.ZeroHash;
const MAX_SIZE = 2n ** 64n - 1n;
const [ABSENT, SETTLING, FINAL] = [0n, 1n, 2n];
const rootOf = (size, log = LOG) => hex(treeRoot(log.slice(0, size)));
const timeNow = async () => (await ethers.provider.getBlock("latest")).timestamp;

describe("open", () => {
  it("makes the caller founder and owner, of an empty ledger", async () => {
    const { contract, owner, anchorer, guardian } = await deployed();
    const sending = contract.connect(owner).open(LEDGER, anchorer.address, guardian.address);
    assert.deepEqual(await eventOf(contract, sending), [
      1, "Opened", owner.address, LEDGER, anchorer.address, guardian.address,
    ]);
    assert.deepEqual([...(await contract.ledgerOf(owner.address, LEDGER))], [
      owner.address, guardian.address, anchorer.address, ZERO, ZERO,
    ]);
    const status = [...(await contract.status(owner.address, LEDGER, 1))];
    assert.deepEqual(status, [
      ZERO_ROOT, 0n, 0n, ABSENT, 0n, 0n, 0n, 0n, BigInt(await timeNow()),
    ]);
  });

  it("is once for ever for a founder", async () => {
    const { contract, owner } = await opened();
    const again = contract.connect(owner).open(LEDGER, owner.address, ZERO);
    await assert.rejects(again, /AlreadyOpen/);
  });

  it("gives whoever is first with the same id another place, which takes nothing away", async () => {
    const { contract, owner, anchorer, stranger } = await deployed();
    await contract.connect(stranger).open(LEDGER, stranger.address, ZERO);
    const squatted = contract.connect(stranger);
    await squatted.anchor(stranger.address, LEDGER, ...growth(OTHER_LOG, 9, 0));
    await contract.connect(owner).open(LEDGER, anchorer.address, ZERO);
    await contract.connect(anchorer).anchor(owner.address, LEDGER, ...growth(LOG, 5, 0));
    assert.equal((await contract.status(owner.address, LEDGER, 9)).root, ZERO_ROOT);
    assert.equal((await contract.status(owner.address, LEDGER, 5)).root, rootOf(5));
    for (const sending of [
      squatted.anchor(owner.address, LEDGER, ...growth(LOG, 9, 5)),
      squatted.disown(owner.address, LEDGER, 5, ""),
    ]) await assert.rejects(sending, /NotAnchorer|NotOwnerOrGuardian/);
  });

  it("refuses the zero anchorer, and leaves an unopened ledger all zero", async () => {
    const { contract, owner } = await deployed();
    await assert.rejects(contract.open(LEDGER, ZERO, ZERO), /ZeroAddress/);
    const keys = await contract.ledgerOf(owner.address, LEDGER);
    assert.deepEqual([...keys], [ZERO, ZERO, ZERO, ZERO, ZERO]);
    assert.equal((await contract.status(owner.address, LEDGER, 0)).state, ABSENT);
  });
});

describe("anchor", () => {
  it("stores root, time and the size before, for good, and moves the head", async () => {
    const { contract, anchor, founder, status } = await opened();
    assert.deepEqual(await eventOf(contract, anchor(7)), [
      1, "Anchored", founder, LEDGER, 7n, rootOf(7), 0n,
    ]);
    const first = await timeNow();
    await later(60);
    await anchor(9);
    const second = await timeNow();
    assert.deepEqual([...(await status(7))], [
      rootOf(7), BigInt(first), 0n, SETTLING, 0n, 9n, BigInt(second), 0n, BigInt(second),
    ]);
    assert.deepEqual([...(await status(9))].slice(0, 4), [rootOf(9), BigInt(second), 7n, SETTLING]);
    assert.equal((await status(8)).state, ABSENT);
  });

  it("refuses a size that does not grow, the same root included", async () => {
    const { anchor } = await opened();
    await anchor(7);
    for (const size of [1, 6, 7]) await assert.rejects(anchor(size), /SizeNotGrowing/);
  });

  it("refuses size zero, the zero root, a stranger, the owner and an unopened ledger", async () => {
    const { contract, as, anchor, anchorer, owner, stranger, founder } = await opened();
    await assert.rejects(as(anchorer, "anchor", 0, rootOf(1), []), /SizeNotGrowing/);
    await assert.rejects(as(anchorer, "anchor", 1, ZERO_ROOT, []), /ZeroRoot/);
    for (const caller of [owner, stranger]) {
      await assert.rejects(anchor(1, LOG, caller), /NotAnchorer/);
    }
    const unopened = contract.connect(anchorer).anchor(founder, ethers.id("no"), 1, rootOf(1), []);
    await assert.rejects(unopened, /NotOpen/);
  });

  it("takes the greatest size, after any other", async () => {
    const { as, anchorer, status } = await opened();
    await as(anchorer, "anchor", MAX_SIZE, rootOf(1), []);
    assert.equal((await status(MAX_SIZE)).headSize, MAX_SIZE);
  });
});

describe("consistency", () => {
  it("takes the growth of a log from every size to every greater one, and no other way", async () => {
    const { contract, owner, anchorer } = await deployed();
    const by = contract.connect(anchorer);
    for (let first = 1; first < 18; first++) {
      for (let size = first + 1; size <= 18; size++) {
        const id = ethers.id(`${first} to ${size}`);
        await contract.connect(owner).open(id, anchorer.address, ZERO);
        await by.anchor(owner.address, id, ...growth(LOG, first, 0));
        const [, root, path] = growth(LOG, size, first);
        const bad = [
          ...path.map((_, i) => path.toSpliced(i, 1)), ...path.map((_, i) => path.with(i, root)),
          [...path, root], [root, ...path], [],
        ];
        for (const changed of bad) {
          const sending = by.anchor.staticCall(owner.address, id, size, root, changed);
          await assert.rejects(sending, /NotConsistent/, `${first} to ${size}`);
        }
        await by.anchor(owner.address, id, size, root, path);
      }
    }
  });

  it("takes it in logs of any size", async () => {
    const tree = alike(leafHash("the same entry"));
    const sizes = [1, 2 ** 20, 2 ** 20 + 10_000, 2 ** 30 - 1, 2 ** 30, 2 ** 40 + 12345];
    const { as, anchorer, status } = await opened();
    let before = 0;
    for (const size of sizes) {
      const path = before === 0 ? [] : tree.consistency(before, size).map(hex);
      await as(anchorer, "anchor", size, hex(tree.root(size)), path);
      before = size;
    }
    assert.equal((await status(0)).headSize, BigInt(before));
  });

  it("lets no second history be anchored on top of the first", async () => {
    const { anchor, as, anchorer } = await opened();
    await anchor(7);
    for (const size of [8, 9, 16, 50]) {
      await assert.rejects(anchor(size, OTHER_LOG), /NotConsistent/);
      // The proof of the true log, for the root of the false one, and the reverse.
      const [, root] = growth(OTHER_LOG, size, 0);
      const [, , path] = growth(LOG, size, 7);
      await assert.rejects(as(anchorer, "anchor", size, root, path), /NotConsistent/);
      const false_path = treeConsistency(7, OTHER_LOG.slice(0, size)).map(hex);
      await assert.rejects(as(anchorer, "anchor", size, rootOf(size), false_path), /NotConsistent/);
    }
    await anchor(8);
  });

  it("wants no proof of the first root, and one of every other", async () => {
    const { as, anchorer } = await opened();
    await assert.rejects(as(anchorer, "anchor", 4, rootOf(4), [rootOf(2)]), /NotConsistent/);
    await as(anchorer, "anchor", 4, rootOf(4), []);
    await assert.rejects(as(anchorer, "anchor", 8, rootOf(8), []), /NotConsistent/);
  });
});

describe("rotation of the anchorer", () => {
  it("takes two steps, and the old key works until the second", async () => {
    const { contract, as, owner, anchorer, guardian, next, anchor, founder } = await opened();
    const proposing = as(owner, "proposeAnchorer", next.address);
    assert.deepEqual(await eventOf(contract, proposing), [
      1, "AnchorerProposed", founder, LEDGER, next.address,
    ]);
    await assert.rejects(anchor(1, LOG, next), /NotAnchorer/);
    await anchor(1);
    assert.deepEqual(await eventOf(contract, as(next, "acceptAnchorer")), [
      1, "AnchorerChanged", founder, LEDGER, anchorer.address, next.address,
    ]);
    assert.deepEqual([...(await contract.ledgerOf(founder, LEDGER))], [
      owner.address, guardian.address, next.address, ZERO, ZERO,
    ]);
    await assert.rejects(anchor(2), /NotAnchorer/);
    await anchor(2, LOG, next);
    await assert.rejects(as(next, "acceptAnchorer"), /NotProposed/);
  });

  it("is proposed by the owner only, of an open ledger, and never to zero", async () => {
    const { contract, as, owner, anchorer, guardian } = await opened();
    for (const caller of [anchorer, guardian]) {
      await assert.rejects(as(caller, "proposeAnchorer", caller.address), /NotOwner/);
    }
    await assert.rejects(as(owner, "proposeAnchorer", ZERO), /ZeroAddress/);
    const unopened = contract.proposeAnchorer(owner.address, ethers.id("no"), anchorer.address);
    await assert.rejects(unopened, /NotOpen/);
  });

  it("is accepted by the proposed key only, and a newer proposal replaces the older", async () => {
    const { as, owner, next, stranger } = await opened();
    await assert.rejects(as(next, "acceptAnchorer"), /NotProposed/);
    await as(owner, "proposeAnchorer", next.address);
    await as(owner, "proposeAnchorer", stranger.address);
    await assert.rejects(as(next, "acceptAnchorer"), /NotProposed/);
    await as(stranger, "acceptAnchorer");
  });

  it("revokes both keys at once, by owner or guardian, and a new one may be brought in", async () => {
    for (const who of ["owner", "guardian"]) {
      const room = await opened();
      const { contract, as, owner, anchorer, next, anchor, founder } = room;
      await as(owner, "proposeAnchorer", next.address);
      assert.deepEqual(await eventOf(contract, as(room[who], "revokeAnchorer")), [
        1, "AnchorerChanged", founder, LEDGER, anchorer.address, ZERO,
      ]);
      await assert.rejects(anchor(1), /NotAnchorer/);
      await assert.rejects(as(next, "acceptAnchorer"), /NotProposed/);
      await as(owner, "proposeAnchorer", next.address);
      await as(next, "acceptAnchorer");
      await anchor(1, LOG, next);
    }
  });

  it("is revoked by nobody else", async () => {
    const { contract, as, founder, anchorer, stranger } = await opened();
    for (const caller of [anchorer, stranger]) {
      await assert.rejects(as(caller, "revokeAnchorer"), /NotOwnerOrGuardian/);
    }
    await assert.rejects(contract.revokeAnchorer(founder, ethers.id("no")), /NotOpen/);
  });
});

describe("rotation of the owner", () => {
  it("takes two steps, and founder and place stay", async () => {
    const { contract, as, owner, next, founder, anchor, status } = await opened();
    await anchor(3);
    assert.deepEqual(await eventOf(contract, as(owner, "proposeOwner", next.address)), [
      1, "OwnerProposed", founder, LEDGER, next.address,
    ]);
    await assert.rejects(as(next, "disown", 3, ""), /NotOwnerOrGuardian/);
    assert.deepEqual(await eventOf(contract, as(next, "acceptOwner")), [
      1, "OwnerChanged", founder, LEDGER, owner.address, next.address,
    ]);
    await assert.rejects(as(owner, "revokeAnchorer"), /NotOwnerOrGuardian/);
    await assert.rejects(as(next, "acceptOwner"), /NotProposed/);
    assert.equal((await status(3)).root, rootOf(3));
    await assert.rejects(
      contract.connect(owner).open(LEDGER, owner.address, ZERO), /AlreadyOpen/,
    );
    await as(next, "disown", 3, "");
  });

  it("is the owner's alone, and can be taken back before it is accepted", async () => {
    const { as, owner, guardian, anchorer, next } = await opened();
    for (const caller of [guardian, anchorer]) {
      await assert.rejects(as(caller, "proposeOwner", caller.address), /NotOwner/);
    }
    await as(owner, "proposeOwner", next.address);
    await as(owner, "proposeOwner", ZERO);
    await assert.rejects(as(next, "acceptOwner"), /NotProposed/);
  });
});

describe("time", () => {
  it("is final to the second after the window of seven days", async () => {
    const { contract, anchor, status } = await opened();
    assert.equal(await contract.REVIEW_WINDOW(), BigInt(7 * DAY));
    await anchor(3);
    const time = await timeNow();
    const { provider } = ethers;
    for (const [seconds, state] of [[7 * DAY - 1, SETTLING], [7 * DAY, FINAL], [8 * DAY, FINAL]]) {
      await provider.send("evm_setNextBlockTimestamp", [time + seconds]);
      await provider.send("evm_mine", []);
      assert.equal((await status(3)).state, state, `${seconds}`);
    }
  });

  it("is in seconds on a chain that counts milliseconds", async () => {
    const before = await ethers.provider.send("evm_snapshot", []);
    const { as, anchor, owner, status } = await opened();
    const start = (await timeNow()) * 1000;
    const at = (milliseconds) =>
      ethers.provider.send("evm_setNextBlockTimestamp", [start + milliseconds]);
    await at(5_999);
    await anchor(3);
    assert.equal((await status(3)).time, BigInt(start / 1000 + 5));
    await at(7 * DAY * 1000 + 4_000);
    await anchor(4);
    assert.equal((await status(3)).state, SETTLING);
    await at(7 * DAY * 1000 + 6_000);
    await assert.rejects(as(owner, "disown", 3, ""), /AlreadyFinal/);
    await as(owner, "disown", 4, "");
    await ethers.provider.send("evm_revert", [before]);
  });
});
