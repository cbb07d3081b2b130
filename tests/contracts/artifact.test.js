const assert = require("node:assert/strict");
const fs = require("node:fs");
const { ethers } = require("hardhat");
const { TARGET, render } = require("../../contracts/export");
const { LEDGER, leafHash, nodeHash, hex, opened } = require("./support");

// Upper bounds in gas; a change above them is a decision, not an accident.
const LIMITS = {
  deploy: 1_150_000, open: 98_000, "first anchor": 58_000, "later anchor": 58_000,
  "verifyEntry, 20 levels, as tx": 65_000,
};

describe("the committed artifact", () => {
  it("equals a fresh compile, byte for byte", async () => {
    const hint = "run: npx hardhat run contracts/export.js";
    assert.equal(fs.readFileSync(TARGET, "utf8"), await render(), hint);
  });
});

describe("gas", () => {
  it("stays within its limits", async () => {
    const { contract, anchor, owner, anchorer } = await opened();
    const used = async (sending) => Number((await (await sending).wait()).gasUsed);
    const gas = {};
    gas.deploy = await used(contract.deploymentTransaction());
    gas.open = await used(contract.connect(owner).open(ethers.id("second"), anchorer.address));
    gas["first anchor"] = await used(anchor(10_000));
    gas["later anchor"] = await used(anchor(20_000));

    const path = Array.from({ length: 20 }, (_, i) => leafHash(`sibling ${i}`));
    const leaf = leafHash("entry");
    const root = path.reduce((node, sibling) => nodeHash(node, sibling), leaf);
    await anchor(2 ** 20, hex(root));
    const args = [LEDGER, 1, 2 ** 20, 0, hex(leaf), path.map(hex)];
    assert.ok(await contract.verifyEntry(...args));
    gas["verifyEntry, 20 levels, as tx"] = Number(await contract.verifyEntry.estimateGas(...args));

    for (const [name, value] of Object.entries(gas)) {
      console.log(`      ${name.padEnd(32)}${value.toLocaleString("en").padStart(10)}`);
      assert.ok(value <= LIMITS[name], `${name}: ${value} > ${LIMITS[name]}`);
    }
  });
});
