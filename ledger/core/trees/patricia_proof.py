"""Proofs out of the state tree: a key with its value, or that a key is not there.

Steps are written as torchwood's `mpt` writes them: varint bit and sibling hash, leaf first.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from ledger.core.trees.patricia import EMPTY, Inner, Leaf, Load, bit_of, read_varint, varint
from ledger.errors import ProofError


@dataclass(frozen=True, slots=True)
class Path:
    """A leaf and its siblings up to the root: (bit, hash), bits strictly falling."""

    leaf: Leaf
    steps: tuple[tuple[int, bytes], ...]


def find(load: Load, root: bytes, key: bytes) -> Path | None:
    """The path that a lookup takes: to the key's own leaf, or to the one where it ends. None in
    the empty tree."""
    if root == EMPTY:
        return None
    steps: list[tuple[int, bytes]] = []
    node = load([root])[root]
    while isinstance(node, Inner):
        right = bit_of(key, node.bit)
        steps.append((node.bit, node.left if right else node.right))
        below = node.right if right else node.left
        node = load([below])[below]
    return Path(node, tuple(reversed(steps)))


def root_from_path(path: Path) -> bytes:
    """The root that a path leads to. Raises `ProofError` for a path of a wrong shape."""
    bits = [bit for bit, _ in path.steps]
    if any(after >= before for before, after in pairwise(bits)) or any(b < 0 for b in bits):
        raise ProofError("state", "the bits of the path do not fall")
    found = path.leaf.hash()
    for bit, sibling in path.steps:
        if len(sibling) != 32:
            raise ProofError("state", "a hash is not 32 bytes")
        pair = (sibling, found) if bit_of(path.leaf.key, bit) else (found, sibling)
        found = Inner(bit, *pair).hash()
    return found


def verify_present(root: bytes, path: Path) -> None:
    """Check that the tree holds the path's key with its value."""
    if root_from_path(path) != root:
        raise ProofError("state", "the path leads to another root")


def verify_absent(root: bytes, key: bytes, path: Path | None) -> None:
    """Check that the tree does not hold a key: a lookup ends at another one (None: empty tree)."""
    if path is None:
        if root != EMPTY:
            raise ProofError("state", "the tree is not empty")
        return
    verify_present(root, path)
    if path.leaf.key == key:
        raise ProofError("state", "the key is there")
    if any(bit_of(path.leaf.key, bit) != bit_of(key, bit) for bit, _ in path.steps):
        raise ProofError("state", "a lookup of the key does not end there")


def encode_steps(steps: Iterable[tuple[int, bytes]]) -> bytes:
    """The steps of a path as torchwood writes them: varint bit and hash, leaf first."""
    return b"".join(varint(bit) + sibling for bit, sibling in steps)


def decode_steps(data: bytes) -> tuple[tuple[int, bytes], ...]:
    """Steps from their bytes. Raises `ProofError`."""
    steps, at = [], 0
    while at < len(data):
        bit, at = read_varint(data, at)
        if at + 32 > len(data):
            raise ProofError("state", "the path is cut")
        steps.append((bit, data[at : at + 32]))
        at += 32
    return tuple(steps)
