"""The state tree: a Merkle Patricia tree over byte keys, wire-compatible with torchwood's `mpt`.

Conceptually a binary trie from which every node with a single child is removed. A node is a leaf
(key, value) or has the bit where the keys below it part, and two children:

    empty  SHA-256("")
    leaf   SHA-256(0x00 || varint len(key) || key || varint len(value) || value)
    inner  SHA-256(0x01 || varint bit || left || right)

A key is read as if 0x00 and then 0xFF for ever followed it, so that no two keys have the same bits.
The shape depends on the keys alone, never on the order in which they came. Nodes are immutable and
named by their hashes, so every old tree stays readable; an update makes new nodes along its paths.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise
from typing import Final

from ledger.errors import ProofError

EMPTY: Final = sha256(b"").digest()
"""Root of the tree without keys."""

KEY_MAX: Final = 1024
"""Longest key in bytes."""

BIT_MAX: Final = 8 * KEY_MAX
"""Highest bit in which two keys can part: where the padding of the longest one begins."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A key and its value."""

    key: bytes
    value: bytes

    def preimage(self) -> bytes:
        """What is hashed."""
        return b"\x00" + _sized(self.key) + _sized(self.value)

    def hash(self) -> bytes:
        """The leaf's hash."""
        return sha256(self.preimage()).digest()


@dataclass(frozen=True, slots=True)
class Inner:
    """The keys below agree up to `bit` and part there: 0 goes left, 1 goes right."""

    bit: int
    left: bytes
    right: bytes

    def preimage(self) -> bytes:
        """What is hashed."""
        return b"\x01" + varint(self.bit) + self.left + self.right

    def hash(self) -> bytes:
        """The node's hash."""
        return sha256(self.preimage()).digest()


Node = Leaf | Inner
Load = Callable[[Collection[bytes]], Mapping[bytes, Node]]
"""Hashes → nodes by hash; raises what the store raises when one is missing."""


_ONE_BYTE: Final = tuple(bytes([number]) for number in range(0x80))


def varint(number: int) -> bytes:
    """Seven bits a byte, lowest first, the top bit says that more follow."""
    if 0 <= number < 0x80:
        return _ONE_BYTE[number]
    out = bytearray()
    while number >= 0x80:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def _sized(data: bytes) -> bytes:
    return varint(len(data)) + data


def bit_of(key: bytes, bit: int) -> int:
    """One bit of a key with its padding."""
    place = bit >> 3
    if place < len(key):
        return key[place] >> (7 - (bit & 7)) & 1
    return 0 if place == len(key) else 1


def _padded(key: bytes, length: int) -> bytes:
    return (key + b"\x00").ljust(length, b"\xff")


def first_difference(one: bytes, other: bytes) -> int:
    """The first bit in which two different keys part."""
    length = max(len(one), len(other)) + 2
    a, b = _padded(one, length), _padded(other, length)
    parted = int.from_bytes(a, "big") ^ int.from_bytes(b, "big")
    return length * 8 - parted.bit_length()


def update(
    load: Load, root: bytes, changes: Mapping[bytes, bytes]
) -> tuple[bytes, dict[bytes, Node]]:
    """The root after setting all keys of `changes`, and the nodes that are new, by hash."""
    if any(len(key) > KEY_MAX for key in changes):
        raise ValueError(f"a key has at most {KEY_MAX} bytes")
    return _Update(load).run(root, changes)


@dataclass(frozen=True, slots=True)
class _Item:
    """A subtree as one thing: any of its keys, and its hash."""

    key: bytes
    hash: bytes


class _Update:
    """One update: remembers what it read and what it made."""

    def __init__(self, load: Load) -> None:
        self._load = load
        self._read: dict[bytes, Node] = {}
        self._made: dict[bytes, Node] = {}

    def run(self, root: bytes, changes: Mapping[bytes, bytes]) -> tuple[bytes, dict[bytes, Node]]:
        if not changes:
            return root, {}
        if root == EMPTY:
            return self._join([self._leaf(*pair) for pair in changes.items()]), self._made
        nearest = self._walk_all(root, changes)
        parted = {
            key: None if found == key else first_difference(found, key)
            for key, found in nearest.items()
        }
        return self._into(root, changes, parted), self._made

    def _walk_all(self, root: bytes, keys: Collection[bytes]) -> dict[bytes, bytes]:
        """Key → key of the leaf where its lookup ends. Reads the tree level by level, all nodes of
        a level at once: a store answers one question about a thousand nodes far faster than a
        thousand questions."""
        nearest: dict[bytes, bytes] = {}
        level: dict[bytes, list[bytes]] = {root: list(keys)}
        while level:
            self._read |= self._load(level.keys())
            below: dict[bytes, list[bytes]] = {}
            for name, passing in level.items():
                node = self._read[name]
                if isinstance(node, Leaf):
                    nearest |= dict.fromkeys(passing, node.key)
                    continue
                for key in passing:
                    child = node.right if bit_of(key, node.bit) else node.left
                    below.setdefault(child, []).append(key)
            level = below
        return nearest

    def _made_of(self, node: Node) -> bytes:
        name = node.hash()
        self._made[name] = node
        return name

    def _leaf(self, key: bytes, value: bytes) -> _Item:
        return _Item(key, self._made_of(Leaf(key, value)))

    def _walk(self, node: bytes, key: bytes) -> bytes:
        """The key of the leaf where a lookup below a node ends; all of it was read before."""
        found = self._read[node]
        while isinstance(found, Inner):
            found = self._read[found.right if bit_of(key, found.bit) else found.left]
        return found.key

    def _into(
        self, node: bytes, changes: Mapping[bytes, bytes], parted: Mapping[bytes, int | None]
    ) -> bytes:
        """The subtree after the changes, all of which agree with it up to its parent's bit."""
        if not changes:
            return node
        found = self._read[node]
        if isinstance(found, Leaf):
            merged = {found.key: found.value, **changes}
            return self._join([self._leaf(*pair) for pair in merged.items()])
        below: tuple[dict[bytes, bytes], dict[bytes, bytes]] = ({}, {})
        beside: list[_Item] = []
        for key, value in changes.items():
            at = parted[key]
            if at is not None and at < found.bit:
                beside.append(self._leaf(key, value))
            else:
                below[bit_of(key, found.bit)][key] = value
        left = self._into(found.left, below[0], parted)
        right = self._into(found.right, below[1], parted)
        changed = bool(below[0] or below[1])
        name = self._made_of(Inner(found.bit, left, right)) if changed else node
        if not beside:
            return name
        return self._join([_Item(self._walk(node, beside[0].key), name), *beside])

    def _join(self, items: list[_Item]) -> bytes:
        """One tree over subtrees that part from each other above the bits of their own roots."""
        length = max(len(item.key) for item in items) + 2
        items.sort(key=lambda item: _padded(item.key, length))
        parts = [first_difference(a.key, b.key) for a, b in pairwise(items)]
        # The tree over a sorted list is decided by where neighbours part: the smallest bit is the
        # root. A stack of open right edges builds it in one pass.
        hashes, bits = [items[0].hash], list[int]()
        for bit, item in zip(parts, items[1:], strict=True):
            while bits and bits[-1] > bit:
                right = hashes.pop()
                hashes.append(self._made_of(Inner(bits.pop(), hashes.pop(), right)))
            bits.append(bit)
            hashes.append(item.hash)
        while bits:
            right = hashes.pop()
            hashes.append(self._made_of(Inner(bits.pop(), hashes.pop(), right)))
        return hashes[0]


def read_varint(data: bytes, at: int) -> tuple[int, int]:
    """(number, place after it). Raises `ProofError` for a number that is cut, long or padded."""
    number, shift = 0, 0
    while True:
        if at >= len(data) or shift > 28:
            raise ProofError("state", "a number is malformed")
        byte = data[at]
        number |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            if byte == 0 and shift > 7:
                raise ProofError("state", "a number is padded")
            return number, at


def parse_node(data: bytes) -> Node:
    """A node from its preimage. Raises `ProofError`."""
    if data[:1] == b"\x01":
        bit, at = read_varint(data, 1)
        if len(data) != at + 64:
            raise ProofError("state", "an inner node has two hashes")
        return Inner(bit, data[at : at + 32], data[at + 32 :])
    if data[:1] != b"\x00":
        raise ProofError("state", "neither a leaf nor an inner node")
    size, at = read_varint(data, 1)
    key, at = data[at : at + size], at + size
    size, at = read_varint(data, at)
    if len(data) != at + size:
        raise ProofError("state", "a leaf is cut or has bytes left over")
    return Leaf(key, data[at:])
