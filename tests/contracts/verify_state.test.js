const assert = require("node:assert/strict");
const fs = require("node:fs");
const { ethers } = require("hardhat");
const published = require("../vectors/state_proofs.json");
const { target, render } = require("../../contracts/export");
const {
  NUMBERS, OPENING, STATUSES, bytes, hex, hidden, leafHash, nodeHash, treePath, stateRoot, statePath,
  accountKey, statusKey, totalsOf, totalsText, statusText, sealOf, sealText, growth, opened, stateRoom,
} = require("./support");

// Upper bounds in gas; a change above them is a decision, not an accident.
const LIMITS = {
  deploy: 1_550_000, "verifyAccount, 20 + 20 levels, as tx": 162_000,
  "verifyChanged, 20 + 20 levels, as tx": 157_000,
};

const [EARLY, LATE] = published.batches;
const ledger = published.ledger_id;
// Who opens the ledgers of these tests.
const FOUNDER = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";
const batchOf = ({ size }) => [FOUNDER, ledger, size];
const accountArgs = (batch, { account, totals, opening, path }) =>
  [batchOf(batch), sealOf(batch.seal), account.toLowerCase(), totalsOf(totals, opening), path];
const statusArgs = (batch, { subject, record, changed_by, opening, path }) =>
  [batchOf(batch), sealOf(batch.seal), subject.toLowerCase(), record, changed_by, path, opening];

// Every fifth bit of every word, number and path in nested arguments.
function* flips(value) {
  if (Array.isArray(value)) {
    for (const [place, part] of value.entries()) {
      for (const flipped of flips(part)) yield value.with(place, flipped);
    }
  } else if (typeof value === "string") {
    for (let bit = value.length % 5; bit < (value.length - 2) * 4; bit += 5) {
      const flipped = bytes(value);
      flipped[bit >> 3] ^= 1 << (bit & 7);
      yield hex(flipped);
    }
  } else {
    for (let bit = 0; bit < 64; bit += 5) yield BigInt(value) ^ (1n << BigInt(bit));
  }
}

// A key, and twenty others that part from it in one bit each: a path of twenty steps.
const crowd = (key) => [key, ...Array.from({ length: 20 }, (_, i) => {
  const other = Buffer.from(key);
  other[8 + (i >> 3)] ^= 0x80 >> (i & 7);
  return other;
})];

describe("the published state proofs", () => {
  let anchor, owner, verifier, account, status;

  before(async () => {
    const room = await stateRoom();
    ({ anchor, owner, verifier, account, status } = room);
    assert.equal(room.founder, FOUNDER);
    const leaves = published.leaves.map(bytes);
    await room.anchored(ledger, [growth(leaves, EARLY.size, 0), growth(leaves, LATE.size, EARLY.size)]);
    for (const { size, root } of published.batches) {
      assert.equal((await anchor.status(FOUNDER, ledger, size)).root, root);
    }
  });

  it("gives the published totals of every account, and no others", async () => {
    for (const batch of published.batches) {
      for (const vector of batch.accounts) {
        assert.equal(totalsText(vector.totals), vector.stated);
        assert.equal(hex(hidden(vector.stated, vector.opening)), vector.value);
        const args = accountArgs(batch, vector);
        assert.equal(await account(args), true, vector.name);
        const closed = args[3].with(NUMBERS.length + 1, ethers.ZeroHash);
        assert.equal(await account(args.with(3, closed)), false, `${vector.name}: not opened`);
        for (const [place, name] of NUMBERS.entries()) {
          const changed = args[3].with(place, vector.totals[name] + 1);
          assert.equal(await account(args.with(3, changed)), false, `${vector.name}: ${name}`);
        }
      }
    }
  });

  it("gives the published status of every record that something changed, and no other", async () => {
    for (const batch of published.batches) {
      for (const vector of batch.statuses) {
        const { status: stated, changed_by, stated: value } = vector;
        assert.equal(statusText(stated, changed_by), value);
        const args = statusArgs(batch, vector);
        for (const word of STATUSES) {
          assert.equal(await status(args, word), word === stated, `${value} is ${word}`);
        }
        for (const other of [ethers.ZeroHash, vector.record]) {
          assert.equal(await status(args.with(4, other), stated), false, `${value}: ${other}`);
          assert.equal(await status(args.with(6, other), stated), false, `${value}: not opened`);
        }
        const others = batch.accounts.map(({ account: whose }) => whose.toLowerCase());
        for (const whose of others.filter((one) => one !== args[2])) {
          assert.equal(await status(args.with(2, whose), stated), false, `${value} of ${whose}`);
        }
      }
    }
  });

  it("takes no proof in which a bit was changed", async function () {
    this.timeout(1_800_000);
    const [vector, stated] = [LATE.accounts[0], LATE.statuses[1]];
    assert.equal(await status(statusArgs(LATE, stated), stated.status), true);
    for (const changed of flips(accountArgs(LATE, vector))) {
      assert.equal(await account(changed), false, JSON.stringify(changed, (_, v) => String(v)));
    }
    for (const changed of flips(statusArgs(LATE, stated))) {
      assert.equal(await status(changed, stated.status), false);
    }
  });

  it("takes no proof of another batch, founder, ledger or size", async () => {
    const args = accountArgs(LATE, LATE.accounts[0]);
    const [founder, ledgerId, size] = args[0];
    const batches = [
      [founder, ethers.id("other"), size], [await verifier.getAddress(), ledgerId, size],
      ...[0, 1, size - 1, size + 1, EARLY.size, 2n ** 64n - 1n].map((s) => [founder, ledgerId, s]),
    ];
    for (const batch of batches) {
      assert.equal(await account(args.with(0, batch)), false, `${batch}`);
    }
    assert.equal(await account(args.with(1, sealOf(EARLY.seal))), false);
    assert.equal(await account(accountArgs(EARLY, EARLY.accounts[0]).with(0, args[0])), false);
  });

  it("takes no seal that is not the batch's last entry", async () => {
    const leaves = published.leaves.slice(0, LATE.size).map(bytes);
    const path = treePath(EARLY.size - 1, leaves).map(hex);
    const leaf = hex(leafHash(EARLY.seal.entry));
    assert.ok(await anchor.verifyEntry(...batchOf(LATE), EARLY.size - 1, leaf, path));
    const args = accountArgs(EARLY, EARLY.accounts[0]);
    assert.equal(await account(args), true);
    const later = [batchOf(LATE), sealOf(EARLY.seal, path), ...args.slice(2)];
    assert.equal(await account(later), false);
  });

  it("takes nothing of a batch that the owner disowned", async () => {
    const args = accountArgs(LATE, LATE.accounts[0]);
    await anchor.connect(owner).disown(FOUNDER, ledger, LATE.size, "test");
    assert.equal(await account(args), false);
    assert.equal(await account(accountArgs(EARLY, EARLY.accounts[0])), true);
  });

  it("is asked of one contract that exists, for good", async () => {
    assert.equal(await verifier.batchAnchor(), await anchor.getAddress());
    const none = ethers.deployContract("StateVerifier", [owner.address]);
    await assert.rejects(none, /NotAContract/);
    const strange = await (await opened()).contract.getAddress();
    const other = await ethers.deployContract("StateVerifier", [strange]);
    const args = accountArgs(EARLY, EARLY.accounts[0]);
    assert.equal(await other.verifyAccount(...args), false);
  });
});

describe("the committed StateVerifier", () => {
  it("equals a fresh compile, byte for byte", async () => {
    const hint = "run: npx hardhat run contracts/export.js";
    const committed = fs.readFileSync(target("StateVerifier"), "utf8");
    assert.equal(committed, await render("StateVerifier"), hint);
  });

  it("stays within its limits of gas", async () => {
    const { anchored, verifier } = await stateRoom();
    const { account, totals, stated } = LATE.accounts[0];
    const { subject, record, changed_by: by } = LATE.statuses[0];
    const keys = [accountKey(account), statusKey(subject, record)];
    const values = [stated, statusText("void", by)].map((text) => hidden(text));
    const roots = keys.map((key, i) => hex(stateRoot(crowd(key).map((k) => [k, values[i]]))));
    const paths = keys.map((key, i) => hex(statePath(key, crowd(key).map((k) => [k, values[i]]))));

    const log = Array.from({ length: 20 }, (_, i) => leafHash(`sibling ${i}`));
    const proof = async (state_root) => {
      const seal = { ...LATE.seal, state_root };
      const leaf = leafHash(sealText({ ...seal, index: 2 ** 20 - 1 }));
      const root = log.reduce((node, sibling) => nodeHash(sibling, node), leaf);
      await anchored(state_root, [[2 ** 20, hex(root), []]]);
      return [[FOUNDER, state_root, 2 ** 20], sealOf(seal, log.map(hex))];
    };
    const of = [...(await proof(roots[0])), account, totalsOf(totals), paths[0]];
    const is = [...(await proof(roots[1])), subject, record, [3, by, OPENING], paths[1]];
    assert.ok(await verifier.verifyAccount(...of));
    assert.ok(await verifier.verifyChanged(...is));

    const gas = {
      deploy: (await verifier.deploymentTransaction().wait()).gasUsed,
      "verifyAccount, 20 + 20 levels, as tx": await verifier.verifyAccount.estimateGas(...of),
      "verifyChanged, 20 + 20 levels, as tx": await verifier.verifyChanged.estimateGas(...is),
    };
    for (const [name, used] of Object.entries(gas)) {
      console.log(`      ${name.padEnd(40)}${used.toLocaleString("en").padStart(10)}`);
      assert.ok(used <= LIMITS[name], `${name}: ${used} > ${LIMITS[name]}`);
    }
  });
});
