"""The state tree equals the published one and a naive rebuild, whatever the order of updates."""

from collections.abc import Collection
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.core.trees.patricia import EMPTY, Inner, Leaf, Node, bit_of, parse_node, update, varint
from ledger.core.trees.patricia_proof import (
    Path,
    decode_steps,
    encode_steps,
    find,
    verify_absent,
    verify_present,
)
from ledger.errors import ProofError

# Roots of FiloSottile/torchwood, mpt/testdata/treehash.txt: pairs of key and value in hex.
PUBLISHED = {
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855": "",
    "e2803f59293564e96b6c5c16157cec731a294631aefb5d08d18630ed6a27184c": "ab:cd",
    "709e80c88487a2411e1ee4dfb9f22a861492d20c4765150c0c794abd70f8147c": ":",
    "fdc14c0c7b5792f43d902121bad7c3adac246ce0ae9278745ecb0843e6324b45": "12:aa 1234:bb",
    "d85d93750f8d1daa041073d83fcd94fd122775aa99878f5db30818c206a3fe91": "12:cc 3456:dd",
    "62a9bde34315aeb65c1309861f1167f1f0ad545423e45964b35daad8ebd48faa": ":ee ff:11",
    "d3dc99aeacd7edf707a7b5f12753a5069726c3b6520c71fa44027e4a1ed63290": (
        "ab:01 ab00:02 ab00fe:04 ab00ff:03 ab01:05"
    ),
    "f0ba1ed205cb4bbe6dff5439b06a3ceb20fb72fa9ad8d7cdd1e0e60e1034799e": "ab:11 ab00:12",
    "a14eef717d6b534afafafceff9fb28bfc56f5b5a01e98055939091d0d10e149f": "ab:21 ab00ff:22",
    "153fcdec6669f2e7c2bff4a9d3860c6ab913293e73b5d4fd16590d8855fd1ce2": "ab:52 ab00ff:51",
    "7ec62f38ea1e0d542f7a32c7e726542fa90ee20a61046ada8eaa22d6014a28b7": ":61 00:62",
    "0564f1f396d3a1b72867717a349195c4364c4c6635d6a027c8cdc7be5f1c71c7": "ab:72 ab00ffff:71",
    "774fd8699a3458f407810074ba63252db93684833e0b2cc06edaa379408ea1d0": "ab:81 ab00:82 ab0000:83",
    "55664663e0148e90b47b18ec9660b0a9c5d83b03fc0235fcb8938763d7d3ed7f": (
        f"{'ff' * 16}{'00' * 16}:a3b93625e143e33744bc532953260c66bcdb124ff930e6a55257558871df9e72 "
        f"{'ff' * 16}80{'00' * 15}:4f02252ceaba90d9997b0f84bface6cd661dcb1779c5beb55d1eec2510680464"
    ),
}

KEYS = st.binary(max_size=5) | st.binary(min_size=32, max_size=32)
MAPS = st.dictionaries(KEYS, st.binary(max_size=6), max_size=40)


class Store:
    """Nodes by hash, and the newest root."""

    def __init__(self) -> None:
        self.nodes: dict[bytes, Node] = {}
        self.root = EMPTY

    def load(self, names: Collection[bytes]) -> dict[bytes, Node]:
        return {name: self.nodes[name] for name in names}

    def set(self, changes: dict[bytes, bytes]) -> None:
        self.root, new = update(self.load, self.root, changes)
        for name, node in new.items():
            assert node.hash() == name
            assert parse_node(node.preimage()) == node
        self.nodes |= new


def naive(pairs: dict[bytes, bytes], bit: int = 0) -> bytes:
    """The definition: part the keys bit by bit; a side without keys leaves no node."""
    if not pairs:
        return EMPTY
    if len(pairs) == 1:
        ((key, value),) = pairs.items()
        sized = [varint(len(part)) + part for part in (key, value)]
        return sha256(b"\x00" + b"".join(sized)).digest()
    sides = [{k: v for k, v in pairs.items() if bit_of(k, bit) == side} for side in (0, 1)]
    if not sides[0] or not sides[1]:
        return naive(pairs, bit + 1)
    left, right = (naive(side, bit + 1) for side in sides)
    return sha256(b"\x01" + varint(bit) + left + right).digest()


@pytest.mark.parametrize("root", PUBLISHED)
def test_published_roots(root: str) -> None:
    pairs = dict(tuple(map(bytes.fromhex, p.split(":"))) for p in PUBLISHED[root].split())
    store = Store()
    store.set(pairs)
    assert store.root.hex() == root == naive(pairs).hex()


@settings(deadline=None, max_examples=300)
@given(MAPS, st.randoms(use_true_random=False))
def test_the_order_and_the_grouping_of_updates_never_matter(pairs, random) -> None:
    store, keys = Store(), list(pairs)
    random.shuffle(keys)
    while keys:
        cut = random.randint(1, len(keys))
        # Some keys are set wrong first and right later.
        store.set({key: b"old" for key in keys[:cut] if random.random() < 0.3})
        store.set({key: pairs[key] for key in keys[:cut]})
        del keys[:cut]
    assert store.root == naive(pairs)


@settings(deadline=None)
@given(MAPS, KEYS)
def test_presence_and_absence_are_proved(pairs, stranger) -> None:
    store = Store()
    store.set(pairs)
    for key, value in pairs.items():
        path = find(store.load, store.root, key)
        assert path is not None
        assert path.leaf == Leaf(key, value)
        verify_present(store.root, path)
        assert decode_steps(encode_steps(path.steps)) == path.steps
        with pytest.raises(ProofError):
            verify_absent(store.root, key, path)
    if stranger not in pairs:
        verify_absent(store.root, stranger, find(store.load, store.root, stranger))


def test_an_old_tree_stays_readable_after_updates() -> None:
    store = Store()
    store.set({bytes([i]) * 32: b"1" for i in range(50)})
    before = store.root
    store.set({bytes([i]) * 32: b"2" for i in range(40, 90)})
    path = find(store.load, before, bytes([45]) * 32)
    assert path is not None
    assert path.leaf.value == b"1"
    verify_present(before, path)


def test_an_update_touches_changed_paths_only() -> None:
    store = Store()
    store.set({sha256(b"%d" % i).digest(): b"1" for i in range(2000)})
    _, new = update(store.load, store.root, {sha256(b"7").digest(): b"2"})
    path = find(store.load, store.root, sha256(b"7").digest())
    assert path is not None
    assert len(new) == len(path.steps) + 1


def proof() -> tuple[bytes, Path]:
    store = Store()
    store.set({sha256(b"%d" % i).digest(): b"v" for i in range(100)})
    path = find(store.load, store.root, sha256(b"42").digest())
    assert path is not None
    return store.root, path


def test_every_change_of_a_path_is_refused() -> None:
    root, path = proof()
    bad = [
        Path(Leaf(path.leaf.key, b"w"), path.steps),
        Path(Leaf(path.leaf.key[:-1], path.leaf.value), path.steps),
        Path(path.leaf, path.steps[1:]),
        Path(path.leaf, path.steps[:-1]),
        Path(path.leaf, path.steps[::-1]),
        Path(path.leaf, (*path.steps, (0, bytes(32)))),
    ]
    for place, (bit, sibling) in enumerate(path.steps):
        for step in ((bit + 1, sibling), (bit, sibling[::-1]), (bit, sibling[:31]), (-1, sibling)):
            bad.append(Path(path.leaf, (*path.steps[:place], step, *path.steps[place + 1 :])))
    for changed in bad:
        with pytest.raises(ProofError):
            verify_present(root, changed)


def test_absence_is_not_shown_by_a_lookup_of_another_key() -> None:
    root, path = proof()
    elsewhere = bytes([path.leaf.key[0] ^ 0xFF]) + path.leaf.key[1:]
    with pytest.raises(ProofError):
        verify_absent(root, elsewhere, path)
    with pytest.raises(ProofError):
        verify_absent(root, elsewhere, None)


@pytest.mark.parametrize(
    "data",
    [b"\x80", b"\x80\x00" + bytes(32), b"\x00" + bytes(31), b"\xff" * 6 + bytes(32), bytes(34)],
)
def test_malformed_steps_are_refused(data: bytes) -> None:
    with pytest.raises(ProofError):
        decode_steps(data)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x02",
        b"\x00\x01a",
        b"\x00\x01a\x00x",
        b"\x00\x05a\x00",
        b"\x01\x00" + bytes(63),
        Inner(3, bytes(32), bytes(32)).preimage() + b"x",
    ],
)
def test_malformed_nodes_are_refused(data: bytes) -> None:
    with pytest.raises(ProofError):
        parse_node(data)
