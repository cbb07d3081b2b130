// One proof for many keys of the state tree, written from docs/spec/proofs.md alone.
const { createHash } = require("node:crypto");

const BIT_MAX = 8192;
const sha256 = (...parts) => createHash("sha256").update(Buffer.concat(parts)).digest();

function demand(holds, reason) {
  if (!holds) throw new Error(reason);
}

function varint(number) {
  const out = [];
  for (; number >= 128; number = Math.floor(number / 128)) out.push((number % 128) + 128);
  return Buffer.from([...out, number]);
}

const leafHash = (key, value) =>
  sha256(Buffer.from([0]), varint(key.length), key, varint(value.length), value);

function bitOf(key, bit) {
  const byte = key[bit >> 3];
  if (byte !== undefined) return (byte >> (7 - (bit & 7))) & 1;
  return bit >> 3 === key.length ? 0 : 1;
}

// The root to which a proof leads; `wanted`: [key, value or null] of all keys, as buffers.
function rootOfProof(wanted, proof) {
  demand(wanted.length > 0, "no key");
  if (proof.length === 0) {
    demand(wanted.every(([, value]) => value === null), "the tree is empty");
    return sha256();
  }
  let at = 0;
  const take = (count) => {
    demand(at + count <= proof.length, "cut");
    return proof.subarray(at, (at += count));
  };
  const number = () => {
    let [found, scale, bytes, byte] = [0, 1, 0, 128];
    for (; byte >= 128; scale *= 128, bytes++) {
      demand(bytes < 5, "long number");
      byte = take(1)[0];
      found += (byte % 128) * scale;
    }
    demand(byte !== 0 || bytes === 1, "padded number");
    return found;
  };
  // `turns`: [bit, side] of the inner nodes above.
  const part = (passing, turns) => {
    const tag = take(1)[0];
    if (tag === 2) {
      demand(passing.length === 0, "left out");
      return take(32);
    }
    demand(passing.length > 0, "no lookup goes here");
    if (tag === 1) {
      const bit = number();
      demand(bit <= BIT_MAX && turns.every(([above]) => above < bit), "bits do not rise");
      const [left, right] = [0, 1].map((side) => part(
        passing.filter(([key]) => bitOf(key, bit) === side), [...turns, [bit, side]],
      ));
      return sha256(Buffer.from([1]), varint(bit), left, right);
    }
    const present = passing.filter(([, value]) => value !== null);
    if (tag === 3) {
      demand(present.length === 1, "not one key");
      return leafHash(...present[0]);
    }
    demand(tag === 0 && present.length === 0, "not where the lookup ends");
    const key = take(number());
    demand(passing.every(([other]) => !other.equals(key)), "the key is there");
    demand(key.length <= 1024 && turns.every(([bit, side]) => bitOf(key, bit) === side), "misplaced");
    return leafHash(key, take(number()));
  };
  const root = part(wanted, []);
  demand(at === proof.length, "left over");
  return root;
}

module.exports = { rootOfProof };
