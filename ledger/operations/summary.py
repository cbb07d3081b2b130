"""Summary: what changed since the last batch goes into the state tree when a batch is sealed."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from ledger.core.kinds.kind import KINDS, kind_of, status_tables
from ledger.core.kinds.registry import Seal
from ledger.core.records.decode import read_entry
from ledger.core.records.record import Record
from ledger.core.state.hours_by_month import month_of_service
from ledger.core.state.state import HEAD, Key, account_key, service_key
from ledger.core.state.taken_back import TAKING, touched
from ledger.core.state.totals import leaves_of
from ledger.core.trees.patricia import EMPTY, update
from ledger.errors import Damaged
from ledger.store import entries as store
from ledger.store.entries import Batch, StoredEntry
from ledger.store.nodes import loader, save_nodes
from ledger.store.openings import save_openings
from ledger.store.state import SqlState


def target_of(record: Record) -> bytes | None:
    """The record whose status a correction changes."""
    return kind_of(record.body).target_of(record.body)


def state_root(connection: Connection, first: int, stop: int) -> bytes:
    """The root of the tree after entry `stop` - 1, its new nodes written. The caller holds the
    lock of the sequence, so the state is that of `stop`."""
    before = root_before(connection, first)
    rows = store.entries_from(connection, first, stop)
    records = dict.fromkeys(row.record_id for row in rows)
    taken: dict[Key[Any], None] = {}
    for row in rows:
        kind = KINDS[row.kind]
        if kind.corrects or issubclass(kind.body, TAKING):
            record = read_entry(row.data).record
            target, key = target_of(record), touched(record.body)
            records |= {} if target is None else {target: None}
            taken |= {} if key is None else {key: None}
    addresses = store.addresses_between(connection, first, stop)
    state = SqlState(connection)
    state.prefetch([account_key(address) for address in addresses])
    state.prefetch(taken)
    state.prefetch(Key(table, (record,)) for table in status_tables() for record in records)
    head = state.get(HEAD)
    assert head is not None
    services = [state.get(service_key(record)) for record in records]
    offset = head.policy.utc_offset_minutes
    state.prefetch([month_of_service(s, offset) for s in services if s is not None])
    values, opened = leaves_of(state, addresses, records, taken)
    root, new = update(loader(connection), before, values)
    save_nodes(connection, new.values())
    save_openings(connection, opened)
    return root


def root_before(connection: Connection, first: int) -> bytes:
    """The root that the seal of the batch ending before entry `first` carries."""
    if first == 0:
        return EMPTY
    row = store.entry_at(connection, first - 1)
    if row is None:
        raise Damaged("log", f"entry {first - 1} is missing")
    return _root_in(row)


def root_of(connection: Connection, batch: Batch) -> bytes:
    """The state root that a batch's seal carries."""
    return root_before(connection, batch.size)


def _root_in(row: StoredEntry) -> bytes:
    body = read_entry(row.data).record.body
    if not isinstance(body, Seal):
        raise Damaged("batches", f"entry {row.index} is not the seal of a batch")
    return body.state_root
