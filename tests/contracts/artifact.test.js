const assert = require("node:assert/strict");
const fs = require("node:fs");
const { ethers } = require("hardhat");
const { TARGET, render } = require("../../contracts/export");
const { LEDGER, hex, leafHash, alike, opened, deployed } = require("./support");
const peers = require("./peers");

// Upper bounds in gas; a change above them is a decision, not an accident.
const LIMITS = {
  "deploy": 1_750_000,
  "open": 96_000,
  "anchor, the first": 81_000,
  "anchor, 1,000,000 entries + 10,000": 105_000,
  "anchor, 2^20 - 1 entries + 10,000": 112_000,
  "anchor, 2^30 entries + 10,000": 87_000,
  "disown, with a reason of 30 bytes": 95_000,
  "verifyEntry at 2^20, execution": 20_000,
  "verifyEntry at 2^30, execution": 28_000,
};

// What 21,000 and the bytes of a transaction cost (EIP-2028), whatever it does.
const intrinsic = (data) =>
  ethers.getBytes(data).reduce((sum, byte) => sum + (byte === 0 ? 4 : 16), 21_000);

const used = async (sending) => Number((await (await sending).wait()).gasUsed);

async function measured() {
  const { contract, as, owner, anchorer, founder } = await opened();
  const tree = alike(leafHash("the same entry"));
  const gas = { deploy: await used(contract.deploymentTransaction()) };
  gas.open = await used(contract.connect(anchorer).open(LEDGER, owner.address, owner.address));
  let before = 0;
  for (const [size, name] of [
    [1_000_000, "anchor, the first"], [1_010_000, "anchor, 1,000,000 entries + 10,000"],
    [2 ** 20 - 1, ""], [2 ** 20 + 9_999, "anchor, 2^20 - 1 entries + 10,000"],
    [2 ** 30, ""], [2 ** 30 + 10_000, "anchor, 2^30 entries + 10,000"],
  ]) {
    const path = before === 0 ? [] : tree.consistency(before, size).map(hex);
    const spent = await used(as(anchorer, "anchor", size, hex(tree.root(size)), path));
    if (name) gas[name] = spent;
    before = size;
  }
  for (const size of [2 ** 20 + 9_999, 2 ** 30]) {
    const args = [founder, LEDGER, size, 5, hex(tree.leaf), tree.path(5, size).map(hex)];
    assert.ok(await contract.verifyEntry(...args));
    const data = contract.interface.encodeFunctionData("verifyEntry", args);
    const name = `verifyEntry at 2^${Math.round(Math.log2(size))}, execution`;
    gas[name] = Number(await contract.verifyEntry.estimateGas(...args)) - intrinsic(data);
  }
  const reason = "the key of the anchorer leaked";
  const sending = as(owner, "disown", 2 ** 30 + 10_000, reason);
  gas["disown, with a reason of 30 bytes"] = await used(sending);
  return gas;
}

const shown = (table) =>
  Object.entries(table).map(([name, value]) =>
    `      ${name.padEnd(44)}${value.toLocaleString("en").padStart(10)}`).join("\n");

describe("the committed artifact", () => {
  it("equals a fresh compile, byte for byte", async () => {
    const hint = "run: npx hardhat run contracts/export.js";
    assert.equal(fs.readFileSync(TARGET, "utf8"), await render(), hint);
  });

  it("runs on chains that know no opcode newer than those of Paris", async () => {
    const { deployedBytecode } = JSON.parse(fs.readFileSync(TARGET, "utf8"));
    const code = ethers.getBytes(deployedBytecode);
    const newer = new Set([0x5f, 0x49, 0x4a, 0x5c, 0x5d, 0x5e]);
    for (let at = 0; at < code.length; at++) {
      assert.ok(!newer.has(code[at]), `opcode ${code[at]} at ${at}`);
      if (code[at] >= 0x60 && code[at] <= 0x7f) at += code[at] - 0x5f;
    }
  });
});

describe("gas", () => {
  it("stays within its limits", async () => {
    const gas = await measured();
    console.log(shown(gas));
    for (const [name, value] of Object.entries(gas)) {
      assert.ok(value <= LIMITS[name], `${name}: ${value} > ${LIMITS[name]}`);
    }
  });

  it("is told beside that of others who write a root to a chain", async () => {
    console.log(shown(await peers.measured(await deployed())));
  });
});
