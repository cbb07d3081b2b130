// A second implementation of the record format: ethers for EIP-712 and signatures, node for
// SHA-256, and the RFC 9162 rules of support.js. It reads the published records alone.
const assert = require("node:assert/strict");
const { ethers } = require("hardhat");
const { leafHash, nodeHash, hex, treeRoot } = require("./support");
const { kinds: declared } = require("../../verifier/kinds.json");
const published = require("../vectors/records.json");

const { TypedDataEncoder, SigningKey, recoverAddress } = ethers;
const { domain, records, sheet, signing_keys: signingKeys } = published;
const bytes = (text) => Buffer.from(ethers.getBytes(text));

// RFC 8785 for what records hold: objects, lists, text without lone surrogates, small integers.
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const members = Object.keys(value).sort();
  return `{${members.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(",")}}`;
}

// The head that a sheet's path leads to, from the recursive RFC 9162 2.1.3.1 read backwards.
function headOf(leaf, index, count, path) {
  if (count === 1) return leaf;
  let k = 1;
  while (k * 2 < count) k *= 2;
  const sibling = bytes(path.at(-1));
  const rest = path.slice(0, -1);
  return index < k
    ? nodeHash(headOf(leaf, index, k, rest), sibling)
    : nodeHash(sibling, headOf(leaf, index - k, count - k, rest));
}

describe("the published records", () => {
  it("hold every kind", () => {
    const kinds = Object.keys(declared).sort();
    assert.deepEqual([...new Set(records.map((record) => record.kind))].sort(), kinds);
  });

  it("are of the ledger that is SHA-256 of the JCS form of the genesis", () => {
    const form = Buffer.from(canonical(records[0].body));
    assert.equal(ethers.sha256(form), published.ledger_id);
    assert.equal(domain.salt, published.ledger_id);
    assert.equal(TypedDataEncoder.hashDomain(domain), published.domain_separator);
  });

  for (const record of [...records, { name: "the sheet", ...sheet }]) {
    it(`${record.name}: ethers gives the same struct hash and digest`, () => {
      const { types, body, primary_type: primaryType } = record;
      assert.equal(TypedDataEncoder.from(types).primaryType, primaryType);
      assert.equal(TypedDataEncoder.hashStruct(primaryType, types, body), record.struct_hash);
      assert.equal(TypedDataEncoder.hash(domain, types, body), record.digest);
    });
  }

  for (const record of records) {
    it(`${record.name}: the entry is canonical and has the stated leaf`, () => {
      const entry = JSON.parse(record.entry);
      assert.equal(canonical(entry), record.entry);
      const { kind, body, signatures } = record;
      assert.deepEqual(entry.record, { kind, body, signatures });
      assert.equal(hex(leafHash(record.entry)), record.leaf_hash);
    });

    for (const claim of record.signatures) {
      const alone = claim.sheet ? "by its sheet" : "alone";
      it(`${record.name}: ${claim.role} signed it ${alone}`, () => {
        let message = record.digest;
        if (claim.sheet) {
          const { index, count, path } = claim.sheet;
          const root = hex(headOf(leafHash(bytes(record.digest)), index, count, path));
          assert.equal(root, sheet.body.root);
          message = TypedDataEncoder.hash(domain, sheet.types, { root, count });
        }
        assert.equal(recoverAddress(message, claim.signature), claim.signer);
        const key = new SigningKey(signingKeys[claim.signer]);
        assert.equal(key.sign(message).serialized, claim.signature);
      });
    }
  }

  it("the sheet's root is the RFC 9162 head over the record ids in order", () => {
    const onSheet = records.filter((record) => record.signatures.some((claim) => claim.sheet));
    const leaves = onSheet.map((record) => leafHash(bytes(record.digest)));
    assert.equal(leaves.length, sheet.body.count);
    assert.equal(hex(treeRoot(leaves)), sheet.body.root);
    assert.equal(recoverAddress(sheet.digest, sheet.signature), sheet.signer);
  });
});
