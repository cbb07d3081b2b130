"""What the values of the state tree were made of. They follow from the entries, and are kept so
that nobody has to read them all for one proof."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite

from ledger.core.state.openings import OPENING_BYTES, Opened
from ledger.errors import Damaged
from ledger.store import tables
from ledger.store.entries import ID_CHUNK
from ledger.store.tables import table_of

_OPENING = table_of(tables.StateOpeningRow)


def save_openings(connection: Connection, opened: Iterable[Opened]) -> None:
    """Keep what values were made of; what is there already is the same."""
    rows = [{"value": one.value(), "data": one.opening + one.stated} for one in opened]
    if rows:
        dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
        connection.execute(dialect.insert(_OPENING).on_conflict_do_nothing(), rows)


def openings(connection: Connection, values: Iterable[bytes | None]) -> dict[bytes, Opened]:
    """Value → what it was made of, those left out that are None. Raises `Damaged` for one that is
    missing or is not what its name says."""
    wanted = list(dict.fromkeys(value for value in values if value is not None))
    found: dict[bytes, Opened] = {}
    for start in range(0, len(wanted), ID_CHUNK):
        chunk = wanted[start : start + ID_CHUNK]
        query = select(_OPENING.c.value, _OPENING.c.data).where(_OPENING.c.value.in_(chunk))
        for value, data in connection.execute(query):
            found[value] = Opened(data[:OPENING_BYTES], data[OPENING_BYTES:])
    for value in wanted:
        if value not in found or found[value].value() != value:
            raise Damaged("state", f"what opens the value {value.hex()} is missing or another")
    return found
