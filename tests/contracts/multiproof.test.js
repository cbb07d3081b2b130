// A second verifier agrees with the published proofs of many keys, and takes none of the forgeries.
const assert = require("node:assert/strict");
const { rootOfProof } = require("./multiproof");
const { trees } = require("../vectors/state_multiproofs.json");

const raw = (hex) => Buffer.from(hex, "hex");
const wanted = (proof) =>
  Object.entries(proof.wanted).map(([key, value]) => [raw(key), value === null ? null : raw(value)]);

describe("the published proofs of many keys", () => {
  for (const { name, root, proofs, refused } of trees) {
    it(`${name}: ${proofs.length} hold, ${refused.length} do not`, () => {
      for (const proof of proofs) {
        assert.equal(rootOfProof(wanted(proof), raw(proof.proof)).toString("hex"), root);
      }
      for (const forged of refused) {
        let found = null;
        try {
          found = rootOfProof(wanted(forged), raw(forged.proof)).toString("hex");
        } catch (error) {
          assert.ok(error.message);
        }
        assert.notEqual(found, root, forged.why);
      }
    });
  }
});
