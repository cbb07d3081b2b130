"""Hash tiles and entry bundles as C2SP tlog-tiles lays them out. Pure: bytes in, bytes out."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from ledger.core.trees.merkle import NodeReader, next_row, root

TILE_WIDTH: Final = 256
"""Hashes of a full tile."""

TILE_HEIGHT: Final = 8
"""Tree levels that one tile spans."""

HASH: Final = 32
"""Bytes of a hash."""

LEVEL_MAX: Final = 7
"""Highest tile level: 2**64 leaves are more than there will ever be."""

_PATH = re.compile(r"(\d{1,2})/((?:x\d{3}/){0,5}\d{3})(?:\.p/(\d{1,3}))?\Z")

LoadTile = Callable[[int, int], bytes]
"""(tile level, tile index) → the tile's bytes, as far as it has grown."""


def tile_path(level: int, index: int, width: int = TILE_WIDTH) -> str:
    """The path of a tile: `1/x001/234`, partial ones with `.p/<width>`."""
    groups = [f"{index % 1000:03d}"]
    while index >= 1000:
        index //= 1000
        groups.insert(0, f"x{index % 1000:03d}")
    partial = "" if width == TILE_WIDTH else f".p/{width}"
    return f"{level}/{'/'.join(groups)}{partial}"


def parse_tile_path(path: str) -> tuple[int, int, int]:
    """(level, index, width) of a tile path; `ValueError` for any other spelling."""
    match = _PATH.match(path)
    if match is None or not path.isascii():
        raise ValueError("not a tile path")
    level, width = int(match[1]), int(match[3]) if match[3] else TILE_WIDTH
    index = int(match[2].replace("x", "").replace("/", ""))
    if level > LEVEL_MAX or tile_path(level, index, width) != path or not 0 < width <= TILE_WIDTH:
        raise ValueError("not a tile path")
    return level, index, width


def node_from_tile(tile: bytes, level: int, index: int) -> bytes:
    """The node `level` rows above the tile's hashes, `index` nodes from its left."""
    start, stop = (index << level) * HASH, ((index + 1) << level) * HASH
    if stop > len(tile):
        raise ValueError("the tile has not grown that far")
    return root([tile[i : i + HASH] for i in range(start, stop, HASH)])


def tiled_reader(load: LoadTile) -> NodeReader:
    """Reads tree nodes out of tiles."""

    def read(level: int, index: int) -> bytes:
        tile_level, inside = divmod(level, TILE_HEIGHT)
        per_tile = TILE_HEIGHT - inside
        tile, place = index >> per_tile, index & ((1 << per_tile) - 1)
        return node_from_tile(load(tile_level, tile), inside, place)

    return read


def extend(load: LoadTile, size: int, leaf_hashes: Sequence[bytes]) -> dict[tuple[int, int], bytes]:
    """Every tile that grows when leaves join a tree of `size`: (level, index) → bytes."""
    grown: dict[tuple[int, int], bytes] = {}
    row, start, level = list(leaf_hashes), size, 0
    while row:
        tile = start // TILE_WIDTH
        filled = start % TILE_WIDTH
        data = (load(level, tile)[: filled * HASH] if filled else b"") + b"".join(row)
        first_full = tile
        for offset in range(0, len(data), TILE_WIDTH * HASH):
            grown[level, tile] = data[offset : offset + TILE_WIDTH * HASH]
            tile += 1
        full = [
            grown[level, i]
            for i in range(first_full, tile)
            if len(grown[level, i]) == TILE_WIDTH * HASH
        ]
        row = [_tile_root(t) for t in full]
        start, level = first_full, level + 1
    return grown


def _tile_root(tile: bytes) -> bytes:
    row = [tile[i : i + HASH] for i in range(0, len(tile), HASH)]
    while len(row) > 1:
        row = next_row(row)
    return row[0]


def entry_bundle(entries: Sequence[bytes]) -> bytes:
    """Entries one after the other, each behind its length as uint16 (big-endian)."""
    return b"".join(len(e).to_bytes(2, "big") + e for e in entries)


def parse_entry_bundle(data: bytes) -> list[bytes]:
    """The entries of a bundle; `ValueError` when bytes are missing or left over."""
    entries: list[bytes] = []
    at = 0
    while at < len(data):
        stop = at + 2 + int.from_bytes(data[at : at + 2], "big")
        if at + 2 > len(data) or stop > len(data):
            raise ValueError("the bundle ends inside an entry")
        entries.append(data[at + 2 : stop])
        at = stop
    return entries
