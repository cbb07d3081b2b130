"""Questions to the tables behind an hour that name no single key."""

from __future__ import annotations

from sqlalchemy import Connection, select

from ledger.store.hour_tables import PairRow, PermitRow
from ledger.store.tables import table_of

_PAIR = table_of(PairRow)
_PERMIT = table_of(PermitRow)


def open_pairs(connection: Connection, activity: bytes) -> list[bytes]:
    """The clock-outs of an activity whose hours are not signed yet, by their start."""
    query = select(_PAIR.c.clock_out).where(_PAIR.c.activity == activity, _PAIR.c.service == b"")
    rows = connection.execute(query.order_by(_PAIR.c.started_at, _PAIR.c.clock_out))
    return [row[0] for row in rows]


def permits_of(connection: Connection, organisation: str) -> list[bytes]:
    """The record ids of an organisation's permits."""
    query = select(_PERMIT.c.record_id).where(_PERMIT.c.organisation == organisation)
    return [row[0] for row in connection.execute(query)]
