"""Cosignatures that witnesses gave on checkpoints: of each witness the newest of a size."""

from __future__ import annotations

from sqlalchemy import Connection, delete, insert, select

from ledger.store import tables
from ledger.store.tables import table_of

_COSIGNATURE = table_of(tables.CosignatureRow)


def save_cosignature(connection: Connection, size: int, vkey: str, time: int, line: str) -> None:
    """Keep the signature line of a witness, made at a time (Unix s), in place of an older one."""
    of_witness = (_COSIGNATURE.c.size == size) & (_COSIGNATURE.c.vkey == vkey)
    connection.execute(delete(_COSIGNATURE).where(of_witness))
    row = {"size": size, "vkey": vkey, "time": time, "line": line}
    connection.execute(insert(_COSIGNATURE).values(row))


def cosignatures(connection: Connection, size: int) -> list[tuple[str, int, str]]:
    """(key's text form, time, signature line) of the witnesses of the checkpoint of a size."""
    query = select(_COSIGNATURE.c.vkey, _COSIGNATURE.c.time, _COSIGNATURE.c.line)
    rows = connection.execute(
        query.where(_COSIGNATURE.c.size == size).order_by(_COSIGNATURE.c.vkey)
    )
    return [(row.vkey, row.time, row.line) for row in rows]


def cosigned_size(connection: Connection, vkey: str) -> int:
    """The largest size that a witness cosigned; 0 where it cosigned none."""
    query = select(_COSIGNATURE.c.size).where(_COSIGNATURE.c.vkey == vkey)
    return connection.execute(query.order_by(_COSIGNATURE.c.size.desc()).limit(1)).scalar() or 0
