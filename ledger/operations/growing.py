"""A Merkle tree that grows at its right edge, with at most one unfinished tile a level in memory.

Pure. It lets a log of any length be hashed again from its leaves, and its head be compared at every
size that was signed, without holding the log.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Self

from ledger.core.trees.merkle import root_at
from ledger.core.trees.tiles import HASH, TILE_HEIGHT, TILE_WIDTH, extend, tiled_reader

Tiles = dict[tuple[int, int], bytes]
"""(tile level, tile index) → hashes of 32 bytes, one after the other."""

LoadUnfinished = Callable[[int, int, int], bytes]
"""(tile level, tile index, width) → an unfinished tile of exactly that many hashes."""


def widths(size: int) -> list[tuple[int, int, int]]:
    """(level, index, width) of the unfinished tiles of a tree of `size` leaves, level by level."""
    found: list[tuple[int, int, int]] = []
    level = 0
    while row := size >> (TILE_HEIGHT * level):
        if row % TILE_WIDTH:
            found.append((level, row // TILE_WIDTH, row % TILE_WIDTH))
        level += 1
    return found


class Edge:
    """The right edge of a tree."""

    def __init__(self) -> None:
        self.size = 0
        self._tiles: dict[int, tuple[int, bytes]] = {}

    @classmethod
    def at(cls, size: int, load: LoadUnfinished) -> Self:
        """A tree of `size` leaves, from its unfinished tiles."""
        edge = cls()
        edge.size = size
        for level, index, width in widths(size):
            edge._tiles[level] = (index, load(level, index, width))
        return edge

    def add(self, leaf_hashes: Sequence[bytes]) -> Tiles:
        """Append leaves; the tiles that became full by them."""
        grown = extend(self._load, self.size, leaf_hashes)
        self.size += len(leaf_hashes)
        for (level, index), data in grown.items():
            self._tiles[level] = (index, data)
        return {place: data for place, data in grown.items() if len(data) == TILE_WIDTH * HASH}

    def unfinished(self) -> Tiles:
        """The tiles that are not full."""
        return {(level, index): self._load(level, index) for level, index, _ in widths(self.size)}

    def root(self) -> bytes:
        """Head of the tree (RFC 9162 §2.1.1)."""
        # Every subtree of which a head is made ends in the last tile of its level.
        return root_at(tiled_reader(self._load), self.size)

    def _load(self, level: int, index: int) -> bytes:
        known, data = self._tiles[level]
        if known != index:
            raise KeyError((level, index))
        return data
