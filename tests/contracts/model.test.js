// The contract beside a model of it: two stacks a ledger, no eras, no slots. Thousands of steps, drawn
// so that most succeed; after each, what the contract says of a size is what the model says.
const assert = require("node:assert/strict");
const { ethers } = require("hardhat");
const {
  DAY, LOG, OTHER_LOG, hex, treeRoot, treePath, makeLeaves, growth, deployed,
} = require("./support");

const STEPS = process.env.LONG_TESTS ? 20_000 : 3_000;
const WINDOW = 7 * DAY;
const ZERO = ethers.ZeroAddress;
// The true log, one that parts from it early, and one that parts from it late.
const LOGS = [LOG, OTHER_LOG, [...LOG.slice(0, 60), ...makeLeaves(40)]];
const ROOTS = LOGS.map((log) => log.map((_, i) => hex(treeRoot(log.slice(0, i + 1)))));
const [ABSENT, SETTLING, FINAL, DISOWNED] = [0n, 1n, 2n, 3n];

// Mulberry32: the same steps in every run.
function dice(seed) {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (n) => Math.floor(next() * n);
  return { chance: (p) => next() < p, below, pick: (list) => list[below(list.length)] };
}

class Model {
  constructor(owner, anchorer, guardian) {
    Object.assign(this, { owner, anchorer, guardian, proposed: ZERO, heir: ZERO });
    [this.stands, this.taken, this.eras] = [[], [], 0];
  }

  get head() {
    return this.stands.at(-1) ?? { size: 0, root: null, time: 0 };
  }

  // What is wrong with anchoring `log` at `size`; null if nothing is.
  wrongAnchor(by, size, log) {
    if (by !== this.anchorer) return "NotAnchorer";
    if (size <= this.head.size) return "SizeNotGrowing";
    const { size: before, root } = this.head;
    return before === 0 || ROOTS[log][before - 1] === root ? null : "NotConsistent";
  }

  anchor(size, log, time) {
    this.stands.push({ size, root: ROOTS[log][size - 1], previous: this.head.size, time, log });
  }

  wrongDisown(by, size, now) {
    if (by !== this.owner && by !== this.guardian) return "NotOwnerOrGuardian";
    if (this.eras === 64) return "TooManyEras";
    const found = this.stands.find((batch) => batch.size === size);
    if (!found) return "NothingStands";
    return now - found.time >= WINDOW ? "AlreadyFinal" : null;
  }

  disown(size, time, reason) {
    while (this.head.size >= size) this.taken.push({ ...this.stands.pop(), at: time, reason });
    this.eras += 1;
    this.revoke();
  }

  revoke() {
    [this.anchorer, this.proposed] = [ZERO, ZERO];
  }

  // The newest of those taken back together is the one of the newest era.
  lost(size, root = null) {
    const found = this.taken.filter((b) => b.size === size && (root === null || b.root === root));
    return found.sort((one, other) => one.time - other.time).at(-1);
  }

  status(size, now) {
    const good = this.stands.find((batch) => batch.size === size);
    const batch = good ?? this.lost(size);
    const { root = ethers.ZeroHash, time = 0, previous = 0 } = batch ?? {};
    const young = now - time < WINDOW;
    const state = !batch ? ABSENT : !good ? DISOWNED : young ? SETTLING : FINAL;
    const numbers = [good ? 0 : (batch?.at ?? 0), this.head.size, this.head.time, this.eras, now];
    return [root, BigInt(time), BigInt(previous), state, ...numbers.map(BigInt)];
  }
}

describe("the contract beside its model", () => {
  it("does what the model does, in thousands of random steps", async function () {
    this.timeout(1_800_000);
    const room = await deployed();
    const { contract, owner, anchorer, guardian, next, stranger } = room;
    const people = [owner, anchorer, guardian, next, stranger];
    const { chance, below, pick } = dice(20_261_129);
    const counts = { done: 0, refused: {} };
    let clock = (await ethers.provider.getBlock("latest")).timestamp;
    const ledgers = [];
    // Two ids of two founders, one of them the same; a ledger whose eras are spent makes room.
    const found = async (founder, name) => {
      const id = ethers.id(name);
      const signer = people.find(({ address }) => address === founder);
      await contract.connect(signer).open(id, anchorer.address, guardian.address);
      ledgers.push({ founder, id, model: new Model(founder, anchorer.address, guardian.address) });
    };
    await found(owner.address, "one");
    await found(next.address, "one");
    await found(owner.address, "two");

    // Somebody who may, most of the time.
    const who = (...may) => {
      const right = may.filter((address) => address !== ZERO);
      return right.length && chance(0.9) ? pick(right) : pick(people).address;
    };
    const steps = {
      anchor: (model) => {
        const { size: before, log: last = 0 } = model.head;
        const size = chance(0.95) ? before + 1 + below(6) : 1 + below(before + 1);
        if (size > 99) return null;
        const log = chance(0.85) ? last : below(3);
        const by = who(model.anchorer);
        return {
          by, name: "anchor", args: growth(LOGS[log], size, before),
          wrong: () => model.wrongAnchor(by, size, log), then: (now) => model.anchor(size, log, now),
        };
      },
      disown: (model, now) => {
        const young = model.stands.filter(({ time }) => now - time < WINDOW);
        const size = young.length && chance(0.85) ? pick(young).size : below(100);
        const by = who(model.owner, model.guardian);
        const reason = `reason ${below(1000)}`;
        return {
          by, name: "disown", args: [size, reason],
          wrong: (then) => model.wrongDisown(by, size, then),
          then: (then) => model.disown(size, then, reason),
        };
      },
      revoke: (model) => {
        const by = who(model.owner, model.guardian);
        const may = by === model.owner || by === model.guardian;
        return {
          by, name: "revokeAnchorer", args: [],
          wrong: () => (may ? null : "NotOwnerOrGuardian"), then: () => model.revoke(),
        };
      },
      propose: (model) => {
        const [by, proposed] = [who(model.owner), pick(people).address];
        return {
          by, name: "proposeAnchorer", args: [proposed],
          wrong: () => (by === model.owner ? null : "NotOwner"),
          then: () => { model.proposed = proposed; },
        };
      },
      accept: (model) => {
        const by = who(model.proposed);
        return {
          by, name: "acceptAnchorer", args: [],
          wrong: () => (by === model.proposed ? null : "NotProposed"),
          then: () => { [model.anchorer, model.proposed] = [by, ZERO]; },
        };
      },
      handOver: (model) => {
        const [by, heir] = [who(model.owner), pick(people).address];
        return {
          by, name: "proposeOwner", args: [heir],
          wrong: () => (by === model.owner ? null : "NotOwner"), then: () => { model.heir = heir; },
        };
      },
      takeOver: (model) => {
        const by = who(model.heir);
        return {
          by, name: "acceptOwner", args: [],
          wrong: () => (by === model.heir ? null : "NotProposed"),
          then: () => { [model.owner, model.heir] = [by, ZERO]; },
        };
      },
    };
    // What a healthy ledger needs next, so that few steps come to nothing.
    const choose = (model) => {
      if (chance(0.08)) return pick(Object.keys(steps));
      if (model.anchorer === ZERO) return model.proposed === ZERO ? "propose" : "accept";
      return chance(0.12) ? "disown" : "anchor";
    };

    for (let step = 0; step < STEPS; step++) {
      const place = below(ledgers.length);
      const { founder, id, model } = ledgers[place];
      if (model.head.size > 95 || model.eras === 64 && chance(0.02)) {
        ledgers.splice(place, 1);
        await found(founder, `ledger ${step}`);
        continue;
      }
      clock += chance(0.1) ? below(3 * DAY) : 1 + below(3600);
      const act = steps[choose(model)](model, clock);
      if (act === null) continue;
      const signer = people.find(({ address }) => address === act.by);
      await ethers.provider.send("evm_setNextBlockTimestamp", [clock]);
      const wrong = act.wrong(clock);
      const sending = contract.connect(signer)[act.name](founder, id, ...act.args, {
        gasLimit: 3_000_000,
      });
      const said = `step ${step}: ${act.name}(${act.args})`;
      if (wrong === null) {
        await (await sending).wait();
        act.then(clock);
        counts.done += 1;
      } else {
        await assert.rejects(sending, new RegExp(wrong), said);
        counts.refused[wrong] = (counts.refused[wrong] ?? 0) + 1;
      }
      const asked = [model.head.size, pick([...model.taken, { size: 0 }]).size, below(100)];
      for (const size of asked) {
        const status = [...(await contract.status(founder, id, size))];
        assert.deepEqual(status, model.status(size, Number(status[8])), `${said}, then size ${size}`);
      }
      const { size, root } = pick([...model.taken, ...model.stands, { size: 1, root: ROOTS[1][0] }]);
      const gone = model.lost(size, root);
      assert.deepEqual(
        [...(await contract.disownedRoot(founder, id, size, root))],
        gone ? [BigInt(gone.at), gone.reason] : [0n, ""], said,
      );
      await checkEntry(contract, founder, id, model, pick([...model.stands, null]), below(100));
    }
    const keys = async ({ founder, id }) => [...(await contract.ledgerOf(founder, id))];
    for (const ledger of ledgers) {
      const { owner: by, guardian: watcher, anchorer: hot, proposed, heir } = ledger.model;
      assert.deepEqual(await keys(ledger), [by, watcher, hot, proposed, heir]);
    }
    const refused = Object.values(counts.refused).reduce((sum, n) => sum + n, 0);
    console.log(`      ${counts.done} steps succeeded, ${refused} were refused as the model says:`);
    console.log(`      ${JSON.stringify(counts.refused)}`);
    assert.ok(counts.done > 0.6 * STEPS, "most steps succeed");
    assert.equal(Object.keys(counts.refused).length, 8, "each refusal was met");
  });
});

// An entry of a batch that stands is in it, at its own place only.
async function checkEntry(contract, founder, id, model, batch, at) {
  if (batch === null) return;
  const { size, log } = batch;
  const index = at % size;
  const leaves = LOGS[log].slice(0, size);
  const path = treePath(index, leaves).map(hex);
  const ask = (leaf, place) => contract.verifyEntry(founder, id, size, place, leaf, path);
  assert.equal(await ask(hex(leaves[index]), index), true);
  assert.equal(await ask(hex(leaves[index]), index + 1), false);
}
