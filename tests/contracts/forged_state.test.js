// Entries, keys, values and paths that were made to look like others: the hashes fit, the form not.
const assert = require("node:assert/strict");
const { ethers } = require("hardhat");
const {
  NUMBERS, STATUSES, bitAt, bytes, hex, hidden, leafHash, nodeHash, varint, stateLeaf, stateRoot, statePath,
  accountKey, statusKey, totalsOf, totalsText, statusText, sealOf, sealText, stateRoom,
} = require("./support");

const MAX = 2n ** 53n - 1n;
const ACCOUNT = ethers.id("an account").slice(0, 42);
const RECORD = ethers.id("a record");
const CAUSE = ethers.id("what changed it");
const HEAD = ethers.id("a chain of entries");
const TOTALS = { ...Object.fromEntries(NUMBERS.map((name, i) => [name, i * 997])), head: HEAD };
const VALUE = totalsText(TOTALS);
const all = (value) => ({ ...Object.fromEntries(NUMBERS.map((n) => [n, value])), head: HEAD });

describe("state proofs of our own making", () => {
  let anchor, founder, account, status, anchored, sealed;

  before(async () => {
    ({ anchor, founder, account, status, anchored, sealed } = await stateRoom());
  });

  // What is said of ACCOUNT and TOTALS, under a root to which the path given leads by its hashes.
  async function said(root, { path = "0x", totals = TOTALS, ...options } = {}) {
    const batch = await sealed(root, options);
    return account([...batch, ACCOUNT, totalsOf(totals), path]);
  }

  it("agrees with a tree of its definition for every depth, number and length of key", async () => {
    const key = accountKey(ACCOUNT);
    // Beside each prefix of the key another one that parts from it late: bits need two bytes.
    const near = [...key.keys()].map((at) => Buffer.from(key).fill(key[at] ^ 1, at, at + 1));
    const shape = [key.subarray(0, 31), Buffer.concat([key, key]), Buffer.from("record/")];
    for (const value of [0, 9, 10, 99, 100, 123_456_789, 2 ** 32, Number(MAX)]) {
      const totals = all(value);
      const pairs = [key, ...near, ...shape].map((k) => [k, hidden(totalsText(totals))]);
      const numbers = { accepted_at: value, batch: value || 1, sealed_at: Number(MAX) - value };
      const batch = await sealed(stateRoot(pairs), { size: 1 + (value % 40), ...numbers });
      const args = [...batch, ACCOUNT, totalsOf(totals), hex(statePath(key, pairs))];
      assert.equal(await account(args), true, `${value}`);
    }
  });

  it("takes no other entry for a seal, whatever stands in its texts", async () => {
    const root = stateLeaf(accountKey(ACCOUNT), hidden(VALUE));
    assert.equal(await said(root), true);
    const tail = (seal) => sealText(seal).slice(sealText(seal).indexOf(',"sealed_at"'));
    const quote = (text) => JSON.stringify(text).slice(1, -1);
    const forgeries = {
      "a text that holds the seal": (seal) =>
        sealText(seal).replace('"batch":7', `"title":"${quote(sealText(seal))}"`),
      "a text that holds its end": (seal) =>
        `{"accepted_at":1,"index":4,"record":{"body":{"title":"${quote(tail(seal))}"` +
        '},"kind":"activity","signatures":[]}}',
      "the end of a seal": tail,
      "another kind": (seal) => sealText(seal).replace('"seal"', '"void"'),
      "a signature": (seal) => sealText(seal).replace("[]", '["0x00"]'),
      "one more member": (seal) => sealText(seal).replace('"batch"', '"about":"","batch"'),
      "a member less": (seal) => sealText(seal).replace('"batch":7,', ""),
      "another order": (seal) =>
        sealText(seal).replace(/"batch":7,("charter":"\w+")/, '$1,"batch":7'),
      "another index": (seal) => sealText({ ...seal, index: seal.index - 1 }),
      "white space": (seal) => sealText(seal).replace(":", ": "),
      "a leading zero": (seal) => sealText({ ...seal, batch: "07" }),
      "a fraction": (seal) => sealText({ ...seal, batch: "7.0" }),
      "capital letters": (seal) => sealText({ ...seal, state_root: hex(root).toUpperCase() }),
      "no prefix": (seal) => sealText({ ...seal, state_root: hex(root).slice(2) }),
      "bytes after it": (seal) => `${sealText(seal)}\n`,
    };
    for (const [name, write] of Object.entries(forgeries)) {
      assert.equal(await said(root, { write }), false, name);
    }
  });

  it("takes no key of another kind or length", async () => {
    const key = accountKey(ACCOUNT);
    const longer = Buffer.concat([key, hidden(VALUE).subarray(0, 1)]);
    const plain = Buffer.concat([Buffer.from("account/"), bytes(ACCOUNT)]);
    for (const other of [longer, key.subarray(0, 31), plain, statusKey(ACCOUNT, RECORD), bytes(ACCOUNT)]) {
      assert.equal(await said(stateLeaf(other, hidden(VALUE))), false, hex(other));
    }
    // The same bytes with the border between key and value one place on.
    assert.equal(await said(stateLeaf(longer, hidden(VALUE).subarray(1))), false);
    const value = hidden(statusText("void", CAUSE));
    const mine = statusKey(ACCOUNT, RECORD);
    const ofAnother = statusKey(`0x${"11".repeat(20)}`, RECORD);
    const mixed = Buffer.concat([ofAnother.subarray(0, 8), mine.subarray(8)]);
    for (const other of [mine, mine.subarray(8), ofAnother, mixed, key]) {
      const args = [...(await sealed(stateLeaf(other, value))), ACCOUNT, RECORD, CAUSE, "0x"];
      assert.equal(await status(args, "void"), other.equals(mine), hex(other));
    }
  });

  it("takes no value in another spelling, and no number above 2^53 - 1", async () => {
    const key = accountKey(ACCOUNT);
    const leaf = (value) => stateLeaf(key, hidden(value));
    const values = [
      VALUE.replace(":", ": "), VALUE.replace(":0,", ":00,"), VALUE.replace("}", ',"x":0}'),
      VALUE.replace(HEAD, HEAD.toUpperCase()), VALUE.replace(/,"sent":\d+/, ""), "{}", "",
    ];
    for (const value of values) assert.equal(await said(leaf(value)), false, value);
    for (const value of [Buffer.from(VALUE), hidden(VALUE, CAUSE)]) {
      assert.equal(await said(stateLeaf(key, value)), false, hex(value));
    }
    for (const name of NUMBERS) {
      for (const [number, held] of [[MAX, true], [MAX + 1n, false], [2n ** 64n - 1n, false]]) {
        const totals = { ...TOTALS, [name]: number };
        assert.equal(await said(leaf(totalsText(totals)), { totals }), held, `${name} ${number}`);
      }
    }
    for (const name of ["accepted_at", "batch", "sealed_at"]) {
      assert.equal(await said(leaf(VALUE), { [name]: MAX }), true, name);
      assert.equal(await said(leaf(VALUE), { [name]: MAX + 1n }), false, name);
    }
    assert.equal(await said(leaf(VALUE), { batch: 0 }), false);
  });

  it("takes no index above 2^53 - 1", async () => {
    const state_root = hex(stateLeaf(accountKey(ACCOUNT), hidden(VALUE)));
    const seal = { accepted_at: 1, batch: 1, charter: state_root, sealed_at: 1, state_root };
    // The last of 2^53 leaves has 53 siblings to the left; one leaf more has the whole tree there.
    for (const [size, levels, held] of [[MAX + 1n, 53, true], [MAX + 2n, 1, false]]) {
      const leaf = leafHash(sealText({ ...seal, index: size - 1n }));
      const path = Array(levels).fill(bytes(CAUSE));
      const root = hex(path.reduce((node, sibling) => nodeHash(sibling, node), leaf));
      const id = ethers.id(`size ${size}`);
      await anchored(id, [[size, root, []]]);
      const proof = [founder, id, size, size - 1n, hex(leaf), path.map(hex)];
      assert.ok(await anchor.verifyEntry(...proof));
      const args = [[founder, id, size], sealOf(seal, path.map(hex)), ACCOUNT, totalsOf(TOTALS), "0x"];
      assert.equal(await account(args), held, `${size}`);
    }
  });

  it("takes no status without its cause", async () => {
    for (const word of STATUSES) {
      for (const by of [ethers.ZeroHash, CAUSE]) {
        const text = hidden(statusText(word, by));
        const batch = await sealed(stateLeaf(statusKey(ACCOUNT, RECORD), text));
        assert.equal(await status([...batch, ACCOUNT, RECORD, by, "0x"], word), by === CAUSE, word);
      }
    }
    const batch = await sealed(HEAD);
    await assert.rejects(status([...batch, ACCOUNT, RECORD, CAUSE, "0x"], "none"));
  });

  it("takes no path that is cut, long, padded or not falling, though its hashes fit", async () => {
    const leaf = stateLeaf(accountKey(ACCOUNT), hidden(VALUE));
    const climb = (steps) => steps.reduce(
      ({ root, path }, { number, right, sibling = bytes(CAUSE) }) => {
        const parts = [Buffer.from([1]), number, ...(right ? [sibling, root] : [root, sibling])];
        const next = bytes(ethers.sha256(Buffer.concat(parts)));
        return { root: next, path: Buffer.concat([path, number, sibling]) };
      },
      { root: leaf, path: Buffer.alloc(0) },
    );
    // Beyond the end of the key are eight bits of 0, and then all are 1.
    const mine = (bit) => bitAt(accountKey(ACCOUNT), bit) === 1;
    const step = (bit, right = mine(bit)) => ({ number: varint(bit), right });
    const raw = (octets, right = false) => ({ number: Buffer.from(octets), right });
    const far = 8 * 32;
    const cases = [
      ["falling", [step(8), step(3), step(0)], true],
      ["the padding's first byte", [step(far + 7), step(far)], true],
      ["the padding's endless ones", [step(2 ** 35 - 1, true), step(far + 8, true)], true],
      ["the padding as another side", [step(far + 8, false)], false],
      ["equal", [step(3), step(3)], false],
      ["rising", [step(0), step(3)], false],
      ["a padded number", [raw([0x83, 0x00], mine(3))], false],
      ["six bytes of a number", [raw([0x80, 0x80, 0x80, 0x80, 0x80, 0x01], true)], false],
      ["no number", [{ ...raw([]), sibling: Buffer.alloc(32, 0x80) }], false],
    ];
    for (const [name, numbers, held] of cases) {
      const { root, path } = climb(numbers);
      assert.equal(await said(root, { path: hex(path) }), held, name);
    }
    const { root, path } = climb([step(8), step(3), step(0)]);
    const cut = [1, 31, 32, 33].flatMap((n) => [path.subarray(n), path.subarray(0, -n)]);
    const long = [Buffer.concat([path, path]), Buffer.concat([path, varint(0), bytes(CAUSE)])];
    const more = [0x00, 0x80].map((byte) => Buffer.concat([path, Buffer.from([byte])]));
    for (const other of [...cut, ...long, ...more]) {
      assert.equal(await said(root, { path: hex(other) }), false, hex(other));
    }
  });
});
