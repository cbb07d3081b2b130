"""One proof for many keys of the state tree: each with its value, or that it is not there.

The proof is the part of the tree in which lookups of the keys go, in pre-order, as bytes:

    0x00 leaf      varint len(key) || key || varint len(value) || value
    0x01 inner     varint bit, then its left and its right part
    0x02 pruned    the hash of a subtree in which no lookup goes
    0x03 asked     the leaf of the key that is asked for and is there: its reader knows both

What two lookups share is there once. The tree without keys has the empty proof. A set of keys has
one proof under a root: whatever could be left out, or written otherwise, is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ledger.core.trees.patricia import (
    BIT_MAX,
    EMPTY,
    KEY_MAX,
    Inner,
    Leaf,
    Load,
    Node,
    bit_of,
    read_varint,
    varint,
)
from ledger.errors import ProofError

PROOF_BYTES_MAX: Final = 16 * 1024 * 1024
"""Longest proof that is read: 20,000 records of a hundred million need 9 million bytes; in base64
it fits a proof file with room to spare."""

_LEAF, _INNER, _PRUNED, _ASKED = 0, 1, 2, 3

Values = Mapping[bytes, bytes | None]
"""Key → its value in the tree; None where the tree does not hold the key."""


def find_many(
    load: Load, root: bytes, keys: Iterable[bytes]
) -> tuple[dict[bytes, bytes | None], bytes]:
    """What a tree holds of some keys, and the proof. Reads level by level, all nodes of a level at
    once. Raises `ValueError` when no key is asked for."""
    asked = tuple(dict.fromkeys(keys))
    if not asked:
        raise ValueError("a key is needed")
    values: dict[bytes, bytes | None] = dict.fromkeys(asked)
    if root == EMPTY:
        return values, b""
    read: dict[bytes, Node] = {}
    level: dict[bytes, Sequence[bytes]] = {root: asked}
    while level:
        read |= load(level.keys())
        below: dict[bytes, Sequence[bytes]] = {}
        for name, passing in level.items():
            node = read[name]
            if isinstance(node, Leaf):
                if node.key in values:
                    values[node.key] = node.value
                continue
            for child, part in zip((node.left, node.right), _part(passing, node.bit), strict=True):
                if part:
                    below[child] = part
        level = below
    return values, _written(read, root, values)


def _part(keys: Iterable[bytes], bit: int) -> tuple[list[bytes], list[bytes]]:
    """The keys that go left at a bit, and those that go right."""
    sides: tuple[list[bytes], list[bytes]] = ([], [])
    for key in keys:
        sides[bit_of(key, bit)].append(key)
    return sides


def _written(read: Mapping[bytes, Node], root: bytes, values: Values) -> bytes:
    out, waiting = bytearray(), [root]
    while waiting:
        name = waiting.pop()
        node = read.get(name)
        if node is None:
            out += bytes([_PRUNED]) + name
        elif isinstance(node, Inner):
            out += bytes([_INNER]) + varint(node.bit)
            waiting += (node.right, node.left)
        elif node.key in values:
            out.append(_ASKED)
        else:
            out += node.preimage()
    return bytes(out)


def verify_many(root: bytes, wanted: Values, proof: bytes) -> None:
    """Check that the tree with a root holds every key of `wanted` with its value, and does not hold
    those whose value is None. Raises `ProofError`."""
    if not wanted:
        raise ProofError("state", "there is no key to prove")
    if len(proof) > PROOF_BYTES_MAX:
        raise ProofError("state", f"a proof has at most {PROOF_BYTES_MAX} bytes")
    if not proof:
        if root != EMPTY or any(value is not None for value in wanted.values()):
            raise ProofError("state", "the tree is not empty")
        return
    if _Reading(wanted, proof).root() != root:
        raise ProofError("state", "the proof leads to another root")


@dataclass(slots=True)
class _Open:
    """An inner node whose parts are being read: the keys that go right, and its left hash once the
    left part is read."""

    bit: int
    right: Sequence[bytes]
    left: bytes | None = None


class _Reading:
    """One pass over a proof. Without recursion: a forged tree may be a thousand levels deep."""

    def __init__(self, wanted: Values, proof: bytes) -> None:
        self._wanted = wanted
        self._proof = proof
        self._at = 0
        self._open: list[_Open] = []

    def root(self) -> bytes:
        """The root that the proof leads to."""
        passing: Sequence[bytes] = list(self._wanted)
        while True:
            tag = self._take(1)[0]
            if tag == _INNER:
                passing = self._enter(passing)
                continue
            found: bytes | None = self._end(tag, passing)
            while self._open and found is not None:
                node = self._open[-1]
                if node.left is None:
                    node.left, passing, found = found, node.right, None
                else:
                    found = Inner(node.bit, node.left, found).hash()
                    self._open.pop()
            if found is not None:
                break
        if self._at != len(self._proof):
            raise ProofError("state", "the proof has bytes left over")
        return found

    def _take(self, count: int) -> bytes:
        data = self._proof[self._at : self._at + count]
        if len(data) != count:
            raise ProofError("state", "the proof is cut")
        self._at += count
        return data

    def _number(self) -> int:
        number, self._at = read_varint(self._proof, self._at)
        return number

    def _enter(self, passing: Sequence[bytes]) -> Sequence[bytes]:
        bit = self._number()
        if bit > BIT_MAX or (self._open and bit <= self._open[-1].bit):
            raise ProofError("state", "the bits of the proof do not rise")
        if not passing:
            raise ProofError("state", "a part is shown in which no lookup goes")
        left, right = _part(passing, bit)
        self._open.append(_Open(bit, right))
        return left

    def _end(self, tag: int, passing: Sequence[bytes]) -> bytes:
        """The hash of a part without parts of its own."""
        if tag == _PRUNED:
            if passing:
                raise ProofError("state", "a part is left out in which a lookup goes")
            return self._take(32)
        if not passing:
            raise ProofError("state", "a part is shown in which no lookup goes")
        there = [key for key in passing if self._wanted[key] is not None]
        if tag == _ASKED and len(there) == 1:
            value = self._wanted[there[0]]
            assert value is not None
            return Leaf(there[0], value).hash()
        if tag != _LEAF or there:
            raise ProofError("state", "a key is not where its lookup ends")
        return self._other(passing).hash()

    def _other(self, passing: Sequence[bytes]) -> Leaf:
        """The leaf of another key, at which lookups of keys that are not there end."""
        size = self._number()
        if size > KEY_MAX:
            raise ProofError("state", f"a key has at most {KEY_MAX} bytes")
        leaf = Leaf(self._take(size), self._take(self._number()))
        if leaf.key in passing:
            raise ProofError("state", "the key is there")
        if any(bit_of(leaf.key, n.bit) != (n.left is not None) for n in self._open):
            raise ProofError("state", "a leaf stands where a lookup of its key does not go")
        return leaf
