"""Entries, refusals, sequence and batches: append and read, never change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from ledger.errors import Damaged
from ledger.store import tables
from ledger.store.tables import table_of

_ENTRY = table_of(tables.EntryRow)
_PARTY = table_of(tables.PartyRow)
_REFUSAL = table_of(tables.RefusalRow)
_SEQUENCE = table_of(tables.SequenceRow)
_BATCH = table_of(tables.BatchRow)

ID_CHUNK = 500
"""Ids in one query: below SQLite's limit of bound variables."""


@dataclass(frozen=True, slots=True)
class StoredEntry:
    """An entry as it is stored."""

    index: int
    record_id: bytes
    kind: str
    accepted_at: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Batch:
    """A sealed batch: entries `first_index` up to `size` (exclusive), and its checkpoint."""

    number: int
    first_index: int
    size: int
    root: bytes
    sealed_at: int
    checkpoint: str


def lock_sequence(connection: Connection) -> tuple[int, int]:
    """Take the sequence row's lock; the next index and the last time of acceptance."""
    row = connection.execute(select(_SEQUENCE).with_for_update()).one_or_none()
    if row is None:
        connection.execute(insert(_SEQUENCE).values(id=1, next_index=0, accepted_at=0))
        return 0, 0
    return row.next_index, row.accepted_at


def move_sequence(connection: Connection, next_index: int, accepted_at: int) -> None:
    """Hand out indices up to `next_index`."""
    connection.execute(update(_SEQUENCE).values(next_index=next_index, accepted_at=accepted_at))


def insert_entries(connection: Connection, entries: Sequence[StoredEntry]) -> None:
    """Append entries in order."""
    if entries:
        connection.execute(
            insert(_ENTRY),
            [
                {
                    "index": e.index,
                    "record_id": e.record_id,
                    "kind": e.kind,
                    "accepted_at": e.accepted_at,
                    "data": e.data,
                }
                for e in entries
            ],
        )


def insert_parties(connection: Connection, parties: Iterable[tuple[str, int]]) -> None:
    """Note which entries concern which addresses."""
    rows = [{"address": address, "index": index} for address, index in parties]
    if rows:
        connection.execute(insert(_PARTY), rows)


def insert_refusals(connection: Connection, refusals: Iterable[tuple[bytes, str, str]]) -> None:
    """Remember refusals: (record id, code, detail)."""
    rows = [{"record_id": r, "code": c, "detail": d[:300]} for r, c, d in refusals]
    if rows:
        connection.execute(insert(_REFUSAL), rows)


def find_accepted(connection: Connection, records: Sequence[bytes]) -> dict[bytes, tuple[int, int]]:
    """Record id → (index, accepted at) of those that are in the ledger."""
    found: dict[bytes, tuple[int, int]] = {}
    for chunk in _chunks(records):
        query = select(_ENTRY.c.record_id, _ENTRY.c.index, _ENTRY.c.accepted_at)
        for row in connection.execute(query.where(_ENTRY.c.record_id.in_(chunk))):
            found[row[0]] = (row[1], row[2])
    return found


def find_refused(connection: Connection, records: Sequence[bytes]) -> dict[bytes, tuple[str, str]]:
    """Record id → (code, detail) of remembered refusals."""
    found: dict[bytes, tuple[str, str]] = {}
    for chunk in _chunks(records):
        query = select(_REFUSAL).where(_REFUSAL.c.record_id.in_(chunk))
        for row in connection.execute(query):
            found[row.record_id] = (row.code, row.detail)
    return found


def _chunks(items: Sequence[bytes]) -> Iterator[Sequence[bytes]]:
    for start in range(0, len(items), ID_CHUNK):
        yield items[start : start + ID_CHUNK]


def _entry(row: Any) -> StoredEntry:
    # SQLite keeps any type in any column: whoever edits a row by hand may leave text behind.
    if type(row.data) is not bytes:
        raise Damaged("log", f"entry {row.index} is not kept as bytes")
    return StoredEntry(row.index, row.record_id, row.kind, row.accepted_at, row.data)


def entry_at(connection: Connection, index: int) -> StoredEntry | None:
    """The entry at an index."""
    row = connection.execute(select(_ENTRY).where(_ENTRY.c.index == index)).one_or_none()
    return None if row is None else _entry(row)


def entry_of(connection: Connection, record: bytes) -> StoredEntry | None:
    """The entry of a record id."""
    row = connection.execute(select(_ENTRY).where(_ENTRY.c.record_id == record)).one_or_none()
    return None if row is None else _entry(row)


def entries_from(connection: Connection, start: int, stop: int) -> list[StoredEntry]:
    """The entries of `start` up to `stop` (exclusive), by index."""
    query = select(_ENTRY).where(_ENTRY.c.index >= start, _ENTRY.c.index < stop)
    return [_entry(row) for row in connection.execute(query.order_by(_ENTRY.c.index))]


def entries_concerning(
    connection: Connection, address: str, after: int, limit: int
) -> list[StoredEntry]:
    """The entries that concern an address, by index, from `after` (exclusive) on."""
    query = select(_ENTRY).join(_PARTY, _PARTY.c.index == _ENTRY.c.index)
    query = query.where(_PARTY.c.address == address, _PARTY.c.index > after)
    return [_entry(row) for row in connection.execute(query.order_by(_PARTY.c.index).limit(limit))]


def addresses_between(connection: Connection, first: int, stop: int) -> list[str]:
    """The addresses that entries `first` to `stop` (exclusive) concern."""
    query = select(_PARTY.c.address).distinct()
    rows = connection.execute(query.where(_PARTY.c.index >= first, _PARTY.c.index < stop))
    return [row[0] for row in rows]


def entries_of_kind(
    connection: Connection, address: str, kind: str, before: int
) -> list[StoredEntry]:
    """The newest entries of a kind that concern an address, with an index below `before`."""
    query = select(_ENTRY).join(_PARTY, _PARTY.c.index == _ENTRY.c.index)
    query = query.where(_PARTY.c.address == address, _PARTY.c.index < before, _ENTRY.c.kind == kind)
    rows = connection.execute(query.order_by(_PARTY.c.index.desc()).limit(64))
    return [_entry(row) for row in rows]


def entries_between(
    connection: Connection, first: str, second: str, kind: str
) -> list[StoredEntry]:
    """The newest entries of a kind that concern both of two addresses."""
    other = _PARTY.alias("other")
    query = (
        select(_ENTRY)
        .join(_PARTY, _PARTY.c.index == _ENTRY.c.index)
        .join(other, other.c.index == _ENTRY.c.index)
        .where(_PARTY.c.address == first, other.c.address == second, _ENTRY.c.kind == kind)
    )
    rows = connection.execute(query.order_by(_ENTRY.c.index.desc()).limit(64))
    return [_entry(row) for row in rows]


def log_size(connection: Connection) -> int:
    """How many entries there are."""
    last: int | None = connection.execute(select(func.max(_ENTRY.c.index))).scalar_one()
    return 0 if last is None else last + 1


def next_seal(connection: Connection, start: int) -> StoredEntry | None:
    """The first seal at `start` or later."""
    query = select(_ENTRY).where(_ENTRY.c.index >= start, _ENTRY.c.kind == "seal")
    row = connection.execute(query.order_by(_ENTRY.c.index).limit(1)).one_or_none()
    return None if row is None else _entry(row)


def last_seal(connection: Connection) -> StoredEntry | None:
    """The newest seal, published or not."""
    query = select(_ENTRY).where(_ENTRY.c.kind == "seal").order_by(_ENTRY.c.index.desc())
    row = connection.execute(query.limit(1)).one_or_none()
    return None if row is None else _entry(row)


def insert_batch(connection: Connection, batch: Batch) -> None:
    """Publish a batch; insert-only, so one size has one root for ever."""
    values = {name: getattr(batch, name) for name in Batch.__slots__}
    connection.execute(insert(_BATCH).values(values))


def last_batch(connection: Connection) -> Batch | None:
    """The newest published batch."""
    query = select(_BATCH).order_by(_BATCH.c.number.desc()).limit(1)
    row = connection.execute(query).mappings().one_or_none()
    return None if row is None else Batch(**row)


def batch_numbered(connection: Connection, number: int) -> Batch | None:
    """Batch `number`."""
    query = select(_BATCH).where(_BATCH.c.number == number)
    row = connection.execute(query).mappings().one_or_none()
    return None if row is None else Batch(**row)


def batch_holding(connection: Connection, index: int) -> Batch | None:
    """The published batch that holds an entry."""
    query = select(_BATCH).where(_BATCH.c.size > index).order_by(_BATCH.c.size).limit(1)
    row = connection.execute(query).mappings().one_or_none()
    return None if row is None else Batch(**row)


def batch_before(connection: Connection, time: int) -> Batch | None:
    """The newest published batch that was sealed before a time (Unix s)."""
    query = select(_BATCH).where(_BATCH.c.sealed_at < time).order_by(_BATCH.c.number.desc())
    row = connection.execute(query.limit(1)).mappings().one_or_none()
    return None if row is None else Batch(**row)


def batches_after(connection: Connection, number: int, limit: int) -> list[Batch]:
    """Up to `limit` published batches after `number`, by number."""
    query = select(_BATCH).where(_BATCH.c.number > number).order_by(_BATCH.c.number).limit(limit)
    return [Batch(**row) for row in connection.execute(query).mappings()]


def demand_gapless(entries: Sequence[StoredEntry], start: int, stop: int) -> None:
    """Stop when entries are missing or out of order."""
    if [e.index for e in entries] != list(range(start, stop)):
        raise Damaged("log", f"entries {start} to {stop} are not all there")
