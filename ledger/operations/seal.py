"""Seal: sequence → integrate → publish, each one durable step. Recovery is the same code.

1. *sequence*: the state tree takes up what changed, and a `seal` entry with its root closes the
   batch.
2. *integrate*: the **stored** bytes are read and hashed again into the tiles.
3. *publish*: the tree head is signed and the batch row inserted, once and for ever.
A crash between any two steps is healed by `complete`, which every call runs first.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy import Connection

from ledger.core.kinds.registry import Seal
from ledger.core.records.decode import read_entry
from ledger.core.trees import tiles
from ledger.core.trees.merkle import leaf_hash, root_at
from ledger.core.trees.notes import Checkpoint, sign_note
from ledger.errors import Damaged, Unavailable
from ledger.operations.ledger import Ledger
from ledger.operations.sequence import close_batch
from ledger.store import entries as store
from ledger.store import tiles as tile_store
from ledger.store.engine import snapshot, transaction
from ledger.store.entries import Batch, StoredEntry

INTEGRATE_MAX: Final = 8192
"""Entries hashed in one transaction of step 2: bounds its memory, not the batch."""


def seal(ledger: Ledger, *log_keys: Ed25519PrivateKey) -> Batch | None:
    """Close the waiting entries as a batch and publish it; None when nothing waits. Each batch is
    signed by the one of the keys at hand that the charter for its size names."""
    healed = complete(ledger, *log_keys)
    if not _sequence(ledger):
        return healed
    return complete(ledger, *log_keys)


def waiting(ledger: Ledger) -> int:
    """How many entries are not in a published batch yet."""
    with snapshot(ledger.engine) as connection:
        last = store.last_batch(connection)
        return store.log_size(connection) - (last.size if last else 0)


def next_head(ledger: Ledger) -> int:
    """The size of the next head to be signed: of the batch that is sealed and not published, or
    else of one that more entries will make."""
    with snapshot(ledger.engine) as connection:
        last = store.last_batch(connection)
        closing = store.next_seal(connection, last.size if last else 0)
        return (closing.index if closing else store.log_size(connection)) + 1


def complete(ledger: Ledger, *log_keys: Ed25519PrivateKey) -> Batch | None:
    """Integrate and publish every batch whose seal entry is in the log; the newest of these, None
    where there is none. Raises `Damaged` where the key for it is not at hand."""
    made: Batch | None = None
    while True:
        with snapshot(ledger.engine) as connection:
            last = store.last_batch(connection)
            closing = store.next_seal(connection, last.size if last else 0)
        if closing is None:
            demand_key(ledger, ledger.size + 1, log_keys)
            return made
        log_key = demand_key(ledger, closing.index + 1, log_keys)
        _integrate(ledger, closing.index + 1)
        made = _publish(ledger, closing, last, log_key) or made


def demand_key(
    ledger: Ledger, size: int, log_keys: Iterable[Ed25519PrivateKey]
) -> Ed25519PrivateKey:
    """The one of the log's keys that signs a head of a size. Raises `Damaged`."""
    wanted = ledger.root().at(size).log_key
    for key in log_keys:
        if key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw) == wanted:
            return key
    raise Damaged("checkpoint", "the log key at hand is not the one that the charter names")


def _sequence(ledger: Ledger) -> bool:
    with transaction(ledger.engine) as connection:
        next_index, last_time = store.lock_sequence(connection)
        now = ledger.clock()
        last = store.last_seal(connection)
        if next_index == (last.index + 1 if last else 0):
            return False
        if now < last_time:
            raise Unavailable("the clock went backwards; nothing is sealed until it has caught up")
        return close_batch(connection, next_index, now)


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
) -> Batch | None:
    body = read_entry(closing.data).record.body
    assert isinstance(body, Seal)
    size = closing.index + 1
    origin = ledger.root().at(size).origin
    with transaction(ledger.engine) as connection:
        newest = store.last_batch(connection)
        if newest is not None and newest.size >= size:
            return None
        root = root_at(tile_store.reader(connection), size)
        note = sign_note(Checkpoint(origin, size, root).body(), origin, log_key)
        first = last.size if last else 0
        made = Batch(body.batch, first, size, root, body.sealed_at, note)
        store.insert_batch(connection, made)
    return made
