"""RFC 9162 Merkle trees: heads, inclusion and consistency proofs. Pure functions over SHA-256.

A tree is read through a `NodeReader`: the hash of the complete subtree of 2**level leaves whose
first leaf is `index << level`. A path does not bind the size of the tree, so the size must come
from a signed checkpoint or a chain, never from the proof.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Final

from ledger.errors import ProofError

NodeReader = Callable[[int, int], bytes]
"""(level, index) → hash of a complete subtree."""

EMPTY_ROOT: Final = sha256(b"").digest()
"""Head of the tree without leaves (RFC 9162 §2.1.1)."""


def leaf_hash(data: bytes) -> bytes:
    """SHA-256(0x00 || data)."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 || left || right)."""
    return sha256(b"\x01" + left + right).digest()


def next_row(row: Sequence[bytes]) -> list[bytes]:
    """The parents of a row of nodes; an odd last node has none yet."""
    _sha = sha256
    pairs = zip(row[::2], row[1::2], strict=False)
    return [_sha(b"\x01" + left + right).digest() for left, right in pairs]


def root(leaf_hashes: Sequence[bytes]) -> bytes:
    """Head of the tree over all leaf hashes (RFC 9162 §2.1.1)."""
    if not leaf_hashes:
        return EMPTY_ROOT
    row = list(leaf_hashes)
    while len(row) > 1:
        odd = row[-1:] if len(row) % 2 else []
        row = next_row(row) + odd
    return row[0]


def reader_of(leaf_hashes: Sequence[bytes]) -> NodeReader:
    """Reads nodes of a tree held in memory."""
    rows = [list(leaf_hashes)]
    while len(rows[-1]) > 1:
        rows.append(next_row(rows[-1]))

    def read(level: int, index: int) -> bytes:
        return rows[level][index]

    return read


def _subtree(read: NodeReader, start: int, stop: int) -> bytes:
    """Head of the leaves `start` to `stop`; `start` is aligned as in every RFC 9162 split."""
    heads: list[bytes] = []
    while start < stop:
        level = (stop - start).bit_length() - 1
        heads.append(read(level, start >> level))
        start += 1 << level
    found = heads.pop()
    while heads:
        found = node_hash(heads.pop(), found)
    return found


def _split(count: int) -> int:
    """The largest power of two smaller than `count` (RFC 9162 §2.1.1)."""
    return 1 << (count - 1).bit_length() - 1


def root_at(read: NodeReader, size: int) -> bytes:
    """Head of the first `size` leaves."""
    return _subtree(read, 0, size) if size else EMPTY_ROOT


def inclusion_path(read: NodeReader, index: int, size: int) -> list[bytes]:
    """Path of leaf `index` in the tree of `size` leaves, leaf first (RFC 9162 §2.1.3.1)."""
    if not 0 <= index < size:
        raise ValueError("the index is not in the tree")
    path: list[bytes] = []
    start, stop = 0, size
    while stop - start > 1:
        middle = start + _split(stop - start)
        if index < middle:
            path.append(_subtree(read, middle, stop))
            stop = middle
        else:
            path.append(_subtree(read, start, middle))
            start = middle
    path.reverse()
    return path


def inclusion_paths(read: NodeReader, indices: Iterable[int], size: int) -> list[bytes]:
    """One path for many leaves: the heads of all subtrees that hold none of them, left to right.

    What two leaves share is there once; with one leaf it has the hashes of its inclusion path.
    """
    wanted = sorted(set(indices))
    if not wanted or not 0 <= wanted[0] <= wanted[-1] < size:
        raise ValueError("an index is not in the tree")

    def walk(start: int, stop: int, inside: Sequence[int]) -> list[bytes]:
        if not inside:
            return [_subtree(read, start, stop)]
        if stop - start == 1:
            return []
        middle = start + _split(stop - start)
        place = bisect_left(inside, middle)
        return walk(start, middle, inside[:place]) + walk(middle, stop, inside[place:])

    return walk(0, size, wanted)


def consistency_path(read: NodeReader, old_size: int, new_size: int) -> list[bytes]:
    """Proof that the first tree is a prefix of the second (RFC 9162 §2.1.4.1)."""
    if not 0 < old_size <= new_size:
        raise ValueError("0 < old size <= new size is needed")
    path: list[bytes] = []
    start, stop, whole = 0, new_size, True
    while old_size != stop:
        middle = start + _split(stop - start)
        if old_size <= middle:
            path.append(_subtree(read, middle, stop))
            stop = middle
        else:
            path.append(_subtree(read, start, middle))
            start, whole = middle, False
    if not whole:
        path.append(_subtree(read, start, stop))
    path.reverse()
    return path


def _demand(check: str, holds: bool, reason: str) -> None:
    if not holds:
        raise ProofError(check, reason)


def _demand_hashes(check: str, *hashes: object) -> None:
    right = all(type(h) is bytes and len(h) == 32 for h in hashes)
    _demand(check, right, "a hash is not 32 bytes")


def root_from_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes:
    """The head that a path leads to (RFC 9162 §2.1.3.2); `ProofError` when the shape is wrong."""
    _demand("inclusion", type(index) is int and type(size) is int, "index and size are integers")
    _demand("inclusion", 0 <= index < size, "the index is not in the tree")
    _demand_hashes("inclusion", leaf, *path)
    place, last, found = index, size - 1, leaf
    for sibling in path:
        _demand("inclusion", last > 0, "the path is too long")
        if place & 1 or place == last:
            found = node_hash(sibling, found)
            while place and not place & 1:
                place >>= 1
                last >>= 1
        else:
            found = node_hash(found, sibling)
        place >>= 1
        last >>= 1
    _demand("inclusion", last == 0, "the path is too short")
    return found


def verify_inclusion(
    leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes
) -> None:
    """Check that a leaf stands at `index` of the tree of `size` leaves with head `root`."""
    _demand_hashes("inclusion", root)
    found = root_from_inclusion(leaf, index, size, path)
    _demand("inclusion", found == root, "the path leads to another root")


def verify_consistency(
    old_size: int, new_size: int, old_root: bytes, new_root: bytes, path: Sequence[bytes]
) -> None:
    """Check that one tree is a prefix of another (RFC 9162 §2.1.4.2). Size 0 proves nothing."""
    sizes = type(old_size) is int and type(new_size) is int and 0 < old_size <= new_size
    _demand("consistency", sizes, "0 < old size <= new size is needed")
    _demand_hashes("consistency", old_root, new_root, *path)
    if old_size == new_size:
        _demand("consistency", not path and old_root == new_root, "one size has one root")
        return
    hashes = list(path)
    if old_size & (old_size - 1) == 0:
        hashes.insert(0, old_root)
    _demand("consistency", bool(hashes), "the path is empty")
    place, last = old_size - 1, new_size - 1
    while place & 1:
        place >>= 1
        last >>= 1
    old = new = hashes[0]
    for sibling in hashes[1:]:
        _demand("consistency", last > 0, "the path is too long")
        if place & 1 or place == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while place and not place & 1:
                place >>= 1
                last >>= 1
        else:
            new = node_hash(new, sibling)
        place >>= 1
        last >>= 1
    _demand("consistency", last == 0, "the path is too short")
    _demand("consistency", old == old_root, "the path leads to another old root")
    _demand("consistency", new == new_root, "the path leads to another new root")


def verify_inclusions(
    leaves: Mapping[int, bytes], size: int, path: Sequence[bytes], root: bytes
) -> None:
    """Check with one path that leaves stand at their indices of the tree of `size` leaves with
    head `root`; the inverse of `inclusion_paths`."""
    integers = type(size) is int and all(type(index) is int for index in leaves)
    _demand("inclusion", integers, "index and size are integers")
    wanted = sorted(leaves)
    _demand("inclusion", bool(wanted), "there is no leaf to prove")
    _demand("inclusion", 0 <= wanted[0] <= wanted[-1] < size, "an index is not in the tree")
    _demand_hashes("inclusion", root, *leaves.values(), *path)
    left = iter(path)

    def walk(start: int, stop: int, inside: Sequence[int]) -> bytes:
        if not inside:
            found = next(left, None)
            if found is None:
                raise ProofError("inclusion", "the path is too short")
            return found
        if stop - start == 1:
            return leaves[inside[0]]
        middle = start + _split(stop - start)
        place = bisect_left(inside, middle)
        lower = walk(start, middle, inside[:place])
        return node_hash(lower, walk(middle, stop, inside[place:]))

    found = walk(0, size, wanted)
    _demand("inclusion", next(left, None) is None, "the path is too long")
    _demand("inclusion", found == root, "the path leads to another root")
