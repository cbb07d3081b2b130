// The second verifier agrees with the published verdicts, and no change of a bundle is valid.
const assert = require("node:assert/strict");
const published = require("../vectors/bundles.json");
const { verify } = require("./verifier");

const held = (anchor, _ledgerId, size) =>
  JSON.stringify(published.anchors[size]) === JSON.stringify(anchor);
const context = { ledgerId: published.ledger_id, held };
const verdict = (bundle) => verify(bundle, context).verdict;

// Every text, number and null of a value, as [holder, name].
function* places(value) {
  for (const name of Object.keys(value)) {
    if (value[name] !== null && typeof value[name] === "object") yield* places(value[name]);
    else yield [value, name];
  }
}

const swap = (character) => (/[0-9]/.test(character) ? String((Number(character) + 1) % 10) : character === "a" ? "b" : "a");

function* changes(value) {
  if (typeof value === "number") yield* [value + 1, -value - 1, String(value)];
  else if (value === null) yield* ["", 0, {}];
  else {
    yield* [null, value + "a", value.slice(1)];
    // Every character of short texts, every ninth of long ones: a path has hundreds.
    const step = value.length > 100 ? 9 : 1;
    for (let at = 0; at < value.length; at += step) {
      yield value.slice(0, at) + swap(value[at]) + value.slice(at + 1);
    }
  }
}

describe("the published bundles", () => {
  for (const { name, verdict: expected, bundle } of published.bundles) {
    it(`${name}: ${expected}`, () => {
      const found = verify(bundle, context);
      assert.equal(found.verdict, expected, found.reason);
    });
  }

  it("of another ledger than the trusted one are invalid", () => {
    const other = { ...context, ledgerId: "0x" + "11".repeat(32) };
    assert.equal(verify(published.bundles[0].bundle, other).verdict, "invalid");
  });

  for (const place of [0, 1]) {
    it(`${published.bundles[place].name}: no changed value is valid`, function () {
      this.timeout(120_000);
      const bundle = structuredClone(published.bundles[place].bundle);
      let tried = 0;
      for (const [holder, name] of [...places(bundle)]) {
        const original = holder[name];
        for (const changed of changes(original)) {
          if (changed === original) continue;
          holder[name] = changed;
          assert.notEqual(verdict(bundle), "valid", `${name} := ${changed}`);
          tried += 1;
        }
        holder[name] = original;
      }
      assert.equal(verdict(bundle), "valid");
      assert.ok(tried > 1000);
    });
  }
});
