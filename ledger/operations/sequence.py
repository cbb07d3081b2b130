"""The entry that closes a batch: the state tree takes up what changed, and a seal with its root
ends the batch. A step inside a transaction that holds the lock of the sequence."""

from __future__ import annotations

from sqlalchemy import Connection

from ledger.core.kinds.registry import Seal
from ledger.core.records.charters import charter_hash
from ledger.core.records.decode import read_entry
from ledger.core.records.record import Entry, Record, record_id
from ledger.core.state.state import HEAD
from ledger.errors import Damaged
from ledger.operations.summary import state_root
from ledger.store import entries as store
from ledger.store.entries import StoredEntry
from ledger.store.state import SqlState


def close_batch(connection: Connection, next_index: int, now: int) -> bool:
    """Write the seal of what stands since the last one, at `next_index` and a time (Unix s).
    False, and nothing is written, where nothing does."""
    last = store.last_seal(connection)
    first = last.index + 1 if last else 0
    if next_index == first:
        return False
    head = SqlState(connection).get(HEAD)
    assert head is not None
    root = state_root(connection, first, next_index)
    body = Seal(_number(last) + 1, root, charter_hash(head.charter), now)
    found = record_id(head.ledger_id, body)
    data = Entry(next_index, now, Record(body, ())).to_bytes()
    store.insert_entries(connection, [StoredEntry(next_index, found, "seal", now, data)])
    store.move_sequence(connection, next_index + 1, now)
    return True


def _number(seal: StoredEntry | None) -> int:
    if seal is None:
        return 0
    body = read_entry(seal.data).record.body
    if not isinstance(body, Seal):
        raise Damaged("batches", f"entry {seal.index} is not the seal of a batch")
    return body.batch
