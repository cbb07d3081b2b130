"""Seal: sequence → integrate → publish, each one durable step. Recovery is the same code.

1. *sequence*: the state tree takes up what changed, and a `seal` entry with its root closes the
   batch.
2. *integrate*: the **stored** bytes are read and hashed again into the tiles.
3. *publish*: the tree head is signed and the batch row inserted, once and for ever.
A crash between any two steps is healed by `complete`, which every call runs first.
"""

from __future__ import annotations

from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy import Connection

from ledger.core.kinds.registry import Seal
from ledger.core.records.decode import read_entry
from ledger.core.records.record import Entry, Record, record_id
from ledger.core.trees import tiles
from ledger.core.trees.merkle import leaf_hash, root_at
from ledger.core.trees.notes import Checkpoint, sign_note
from ledger.errors import Damaged, Unavailable
from ledger.operations.ledger import Ledger
from ledger.operations.summary import state_root
from ledger.store import entries as store
from ledger.store import tiles as tile_store
from ledger.store.engine import snapshot, transaction
from ledger.store.entries import Batch, StoredEntry

INTEGRATE_MAX: Final = 8192
"""Entries hashed in one transaction of step 2: bounds its memory, not the batch."""


def seal(ledger: Ledger, log_key: Ed25519PrivateKey) -> Batch | None:
    """Close the waiting entries as a batch and publish it; None when nothing waits."""
    _demand_key(ledger, log_key)
    complete(ledger, log_key)
    if not _sequence(ledger):
        return None
    complete(ledger, log_key)
    with snapshot(ledger.engine) as connection:
        return store.last_batch(connection)


def waiting(ledger: Ledger) -> int:
    """How many entries are not in a published batch yet."""
    with snapshot(ledger.engine) as connection:
        last = store.last_batch(connection)
        return store.log_size(connection) - (last.size if last else 0)


def complete(ledger: Ledger, log_key: Ed25519PrivateKey) -> None:
    """Integrate and publish every batch whose seal entry is in the log."""
    while True:
        with snapshot(ledger.engine) as connection:
            last = store.last_batch(connection)
            closing = store.next_seal(connection, last.size if last else 0)
        if closing is None:
            return
        _integrate(ledger, closing.index + 1)
        _publish(ledger, closing, last, log_key)


def _demand_key(ledger: Ledger, log_key: Ed25519PrivateKey) -> None:
    public = log_key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    if public != ledger.genesis.log_key:
        raise Damaged("checkpoint", "the log key at hand is not the one of the genesis")


def _sequence(ledger: Ledger) -> bool:
    with transaction(ledger.engine) as connection:
        next_index, last_time = store.lock_sequence(connection)
        last = store.last_batch(connection)
        closing = store.next_seal(connection, last.size if last else 0)
        if closing is not None:
            return True
        if next_index == (last.size if last else 0):
            return False
        now = ledger.clock()
        if now < last_time:
            raise Unavailable("the clock went backwards; nothing is sealed until it has caught up")
        root = state_root(connection, last.size if last else 0, next_index)
        body = Seal(last.number + 1 if last else 1, root, now)
        entry = Entry(next_index, now, Record(body, ()))
        found = record_id(ledger.ledger_id, body)
        row = StoredEntry(next_index, found, "seal", now, entry.to_bytes())
        store.insert_entries(connection, [row])
        store.move_sequence(connection, next_index + 1, now)
        return True


def _integrate(ledger: Ledger, target: int) -> None:
    while True:
        with transaction(ledger.engine) as connection:
            size = tile_store.integrated_size(connection)
            if size >= target:
                return
            stop = min(target, size + INTEGRATE_MAX)
            rows = store.entries_from(connection, size, stop)
            store.demand_gapless(rows, size, stop)
            leaves = [leaf_hash(row.data) for row in rows]

            def load(level: int, index: int, connection: Connection = connection) -> bytes:
                return tile_store.load_tile(connection, level, index)

            tile_store.save_tiles(connection, tiles.extend(load, size, leaves), stop)


def _publish(
    ledger: Ledger, closing: StoredEntry, last: Batch | None, log_key: Ed25519PrivateKey
) -> None:
    body = read_entry(closing.data).record.body
    assert isinstance(body, Seal)
    size = closing.index + 1
    with transaction(ledger.engine) as connection:
        newest = store.last_batch(connection)
        if newest is not None and newest.size >= size:
            return
        root = root_at(tile_store.reader(connection), size)
        origin = ledger.genesis.origin
        note = sign_note(Checkpoint(origin, size, root).body(), origin, log_key)
        first = last.size if last else 0
        store.insert_batch(connection, Batch(body.batch, first, size, root, body.sealed_at, note))
