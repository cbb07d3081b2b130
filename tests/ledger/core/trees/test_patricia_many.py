"""One proof for many keys says what single proofs say, and nothing else passes for it."""

from collections.abc import Collection
from hashlib import sha256

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ledger.core.format.limits import FILE_BYTES_MAX
from ledger.core.trees import patricia_many
from ledger.core.trees.patricia import (
    BIT_MAX,
    EMPTY,
    KEY_MAX,
    Inner,
    Leaf,
    Node,
    first_difference,
    update,
    varint,
)
from ledger.core.trees.patricia_many import find_many, verify_many
from ledger.core.trees.patricia_proof import find, verify_absent, verify_present
from ledger.errors import ProofError

KEYS = st.binary(max_size=3) | st.binary(min_size=32, max_size=32)
MAPS = st.dictionaries(KEYS, st.binary(max_size=6), max_size=40)


class Tree:
    """A tree in memory that counts how often it is asked."""

    def __init__(self, pairs: dict[bytes, bytes]) -> None:
        self.asked = 0
        self.root, self.nodes = update(self.load, EMPTY, pairs)

    def load(self, names: Collection[bytes]) -> dict[bytes, Node]:
        self.asked += 1
        return {name: self.nodes[name] for name in names}


def refused(root: bytes, wanted: dict[bytes, bytes | None], proof: bytes) -> str:
    with pytest.raises(ProofError) as caught:
        verify_many(root, wanted, proof)
    assert caught.value.check == "state"
    return caught.value.reason


@settings(deadline=None, max_examples=200)
@given(MAPS, st.sets(KEYS, max_size=10), st.data())
def test_it_says_of_each_key_what_its_single_proof_says(pairs, strangers, data) -> None:
    tree = Tree(pairs)
    some = data.draw(st.sets(st.sampled_from(sorted(pairs)))) if pairs else set()
    asked = some | strangers
    assume(asked)
    values, proof = find_many(tree.load, tree.root, asked)
    assert values == {key: pairs.get(key) for key in asked}
    verify_many(tree.root, values, proof)
    for key, value in values.items():
        path = find(tree.load, tree.root, key)
        if value is None:
            verify_absent(tree.root, key, path)
        else:
            assert path is not None
            verify_present(tree.root, path)
            assert path.leaf == Leaf(key, value)


@settings(deadline=None, max_examples=200)
@given(MAPS.filter(bool), st.sets(KEYS, min_size=1, max_size=10), st.data())
def test_no_proof_serves_for_anything_else(pairs, asked, data) -> None:
    tree = Tree(pairs)
    values, proof = find_many(tree.load, tree.root, asked)
    key = data.draw(st.sampled_from(sorted(asked)))
    other = data.draw(st.none() | st.binary(max_size=6))
    if other != values[key]:
        refused(tree.root, values | {key: other}, proof)
    added = data.draw(KEYS)
    if added not in values:
        # A key more needs no more only where its lookup ends at a leaf that is shown already.
        more, longer = find_many(tree.load, tree.root, [*asked, added])
        if longer != proof:
            refused(tree.root, more, proof)
            refused(tree.root, values, longer)
    refused(sha256(tree.root).digest(), values, proof)
    place = data.draw(st.integers(0, len(proof) - 1))
    for changed in (
        proof[:place]
        + bytes([proof[place] ^ 1 << data.draw(st.integers(0, 7))])
        + proof[place + 1 :],
        proof[:place],
        proof + proof[place:],
        proof[:place] + proof[place + 1 :],
    ):
        if changed != proof:
            refused(tree.root, values, changed)


def town(count: int = 100) -> Tree:
    return Tree({sha256(b"%d" % i).digest(): b"v%d" % i for i in range(count)})


def test_what_lookups_share_is_there_once() -> None:
    tree, keys = town(2000), [sha256(b"%d" % i).digest() for i in range(400)]
    _, proof = find_many(tree.load, tree.root, keys)
    single = [find(tree.load, tree.root, key) for key in keys]
    assert len(proof) < sum(33 * len(path.steps) for path in single if path) / 3


def test_the_tree_is_read_level_by_level() -> None:
    tree, keys = town(2000), [sha256(b"%d" % i).digest() for i in range(400)]
    deepest = max(len(path.steps) for key in keys if (path := find(tree.load, tree.root, key)))
    tree.asked = 0
    find_many(tree.load, tree.root, keys)
    assert tree.asked == deepest + 1


def test_the_empty_tree_holds_nothing() -> None:
    tree = Tree({})
    assert find_many(tree.load, EMPTY, [b"a"]) == ({b"a": None}, b"")
    verify_many(EMPTY, {b"a": None}, b"")
    assert "not empty" in refused(EMPTY, {b"a": b"1"}, b"")
    assert "not empty" in refused(town().root, {b"a": None}, b"")


def test_no_key_proves_nothing() -> None:
    tree = town()
    with pytest.raises(ValueError, match="a key is needed"):
        find_many(tree.load, tree.root, [])
    assert "no key" in refused(tree.root, {}, b"\x02" + tree.root)
    assert "no key" in refused(EMPTY, {}, b"")


def test_too_long_a_proof_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    tree = town()
    values, proof = find_many(tree.load, tree.root, [b"a"])
    assert patricia_many.PROOF_BYTES_MAX * 4 / 3 < FILE_BYTES_MAX
    monkeypatch.setattr(patricia_many, "PROOF_BYTES_MAX", len(proof) - 1)
    assert "at most" in refused(tree.root, values, proof)


LEFT, RIGHT = Leaf(b"\x00", b"1"), Leaf(b"\xff", b"2")
PAIR = Inner(0, LEFT.hash(), RIGHT.hash()).hash()
ASKED = b"\x03"
TOP = b"\x01\x00"


@pytest.mark.parametrize(
    ("wanted", "proof", "why"),
    [
        ({b"\x00": b"1"}, TOP + ASKED + RIGHT.preimage(), "no lookup goes"),
        ({b"\x00": b"1"}, TOP + ASKED + ASKED, "no lookup goes"),
        ({b"\x00": b"1"}, b"\x02" + PAIR, "is left out"),
        ({b"\x00": b"1"}, TOP + LEFT.preimage() + b"\x02" + RIGHT.hash(), "not where its lookup"),
        ({b"\x00": b"1", b"\x01": b"1"}, TOP + ASKED + b"\x02" + RIGHT.hash(), "not where its"),
        ({b"\x00": None}, TOP + LEFT.preimage() + b"\x02" + RIGHT.hash(), "the key is there"),
        ({b"\x01": None}, TOP + ASKED + b"\x02" + RIGHT.hash(), "not where its lookup"),
        ({b"\x01": None}, TOP + RIGHT.preimage() + b"\x02" + RIGHT.hash(), "does not go"),
        ({b"\x00": b"1"}, TOP + ASKED + b"\x02" + RIGHT.hash() + b"\x02", "left over"),
        ({b"\x00": b"1"}, TOP + ASKED + b"\x02" + RIGHT.hash()[:-1], "is cut"),
        ({b"\x00": b"1"}, TOP + ASKED + b"\x04" + RIGHT.hash(), "no lookup goes"),
        ({b"\x00": b"1"}, b"\x04", "not where its lookup"),
        ({b"\x00": b"1"}, TOP, "is cut"),
        ({b"\x00": b"1"}, b"\x01\x80\x00" + ASKED + b"\x02" + RIGHT.hash(), "padded"),
        ({b"\x00": b"1"}, TOP + TOP + ASKED + ASKED + b"\x02" + bytes(32), "do not rise"),
        ({b"\x00": b"1"}, b"\x01" + varint(BIT_MAX + 1) + ASKED + b"\x02" + bytes(32), "rise"),
        ({b"\x00": b"1"}, TOP + ASKED + TOP + b"\x02" * 80, "do not rise"),
        ({b"\x00": b"1"}, TOP + ASKED + b"\x01\x01" + b"\x02" * 80, "no lookup goes"),
        ({b"\x01": None}, b"\x00" + varint(KEY_MAX + 1) + bytes(KEY_MAX + 2), "at most"),
    ],
)
def test_a_part_in_another_place_is_refused(wanted, proof, why) -> None:
    assert why in refused(PAIR, wanted, proof)


def test_a_thousand_levels_are_read() -> None:
    keys = [b"\x00" * 2**i for i in range(3)] + [b"\x00" * 128 + bytes([1 << i]) for i in range(8)]
    deep = {bytes(place) + b"\x80": b"v" for place in range(KEY_MAX)}
    deep |= dict.fromkeys(keys, b"k")
    tree = Tree(deep)
    values, proof = find_many(tree.load, tree.root, [bytes(KEY_MAX - 1) + b"\x80", bytes(KEY_MAX)])
    verify_many(tree.root, values, proof)


def test_no_two_keys_part_above_the_highest_bit() -> None:
    longest = b"a" + b"\x00" + b"\xff" * (KEY_MAX - 2)
    assert first_difference(longest, b"a") == BIT_MAX
