"""Hash tiles in SQL: read by anybody, grown by integration alone."""

from __future__ import annotations

from sqlalchemy import Connection, insert, select, update

from ledger.core.trees.merkle import NodeReader
from ledger.core.trees.tiles import tiled_reader
from ledger.errors import Damaged
from ledger.store import tables
from ledger.store.tables import table_of

_TILE = table_of(tables.TileRow)
_INTEGRATED = table_of(tables.IntegratedRow)


def load_tile(connection: Connection, level: int, index: int) -> bytes:
    """The bytes of a tile as far as it has grown; `Damaged` when it is missing."""
    query = select(_TILE.c.data).where(_TILE.c.level == level, _TILE.c.index == index)
    data: bytes | None = connection.execute(query).scalar_one_or_none()
    if data is None:
        raise Damaged("tiles", f"tile {level}/{index} is missing")
    return data


def reader(connection: Connection) -> NodeReader:
    """Tree nodes out of stored tiles; each tile is read once."""
    known: dict[tuple[int, int], bytes] = {}

    def load(level: int, index: int) -> bytes:
        if (level, index) not in known:
            known[level, index] = load_tile(connection, level, index)
        return known[level, index]

    return tiled_reader(load)


def integrated_size(connection: Connection) -> int:
    """How many entries the tiles hold."""
    size: int | None = connection.execute(
        select(_INTEGRATED.c.size).with_for_update()
    ).scalar_one_or_none()
    if size is None:
        connection.execute(insert(_INTEGRATED).values(id=1, size=0))
        return 0
    return size


def save_tiles(connection: Connection, tiles: dict[tuple[int, int], bytes], new_size: int) -> None:
    """Write grown tiles and the size that they now hold."""
    for (level, index), data in tiles.items():
        where = (_TILE.c.level == level, _TILE.c.index == index)
        done = connection.execute(update(_TILE).where(*where).values(data=data))
        if done.rowcount == 0:
            connection.execute(insert(_TILE).values(level=level, index=index, data=data))
    connection.execute(update(_INTEGRATED).values(size=new_size))
