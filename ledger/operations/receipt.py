"""Receipts: what the log promises of an accepted record, and the head that shows if it kept it."""

from __future__ import annotations

import base64
import math
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.core.records.record import Entry
from ledger.core.trees.merkle import inclusion_path, leaf_hash
from ledger.core.verify.receipt import SECONDS_MAX, promised
from ledger.errors import NotFound
from ledger.operations.backing import entry_of
from ledger.operations.ledger import Ledger
from ledger.operations.prove import Anchors, anchored_batch, seal_of
from ledger.operations.roots import charters_of, with_paths
from ledger.store import entries as store
from ledger.store import tiles as tile_store
from ledger.store.engine import snapshot

MARGIN_SECONDS: Final = 60
"""What a promise grants beyond the longest wait for a batch: the sealing itself takes its time."""


def receipt(
    ledger: Ledger,
    log_key: Ed25519PrivateKey,
    record_id: bytes,
    wait: float,
    head: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """The receipt of a record as a JSON object, from what was committed: as long as `wait`, the
    longest wait for a batch in seconds, is the same, so is every receipt. The key
    in force then signs it: one that was replaced since promises nothing more. Raises `NotFound`."""
    with snapshot(ledger.engine) as connection:
        entry = _accepted(entry_of(connection, record_id))
        root = charters_of(connection, ledger.genesis)
        size = head["seal"]["entry"]["index"] + 1 if head else None
        if size is not None and any(size <= c.index < entry.index for c in root.charters):
            # A head from before a charter does not show by which key the promise is signed.
            head = size = None
        shown = with_paths(connection, root, size)
    if log_key.public_key().public_bytes_raw() != root.at(entry.index + 1).log_key:
        raise NotFound("the log key that promised this is not at hand")
    within = min(math.ceil(wait) + MARGIN_SECONDS, SECONDS_MAX)
    return promised(shown, entry, entry.accepted_at + within, log_key, head)


def head_at(ledger: Ledger, index: int, anchors_within: Anchors) -> dict[str, Any] | None:
    """A receipt's `head`: the newest anchored one that holds an index, else the newest of all; None
    while no batch is sealed."""
    with snapshot(ledger.engine) as connection:
        batch, anchors = anchored_batch(connection, anchors_within, index)
        batch = batch or store.last_batch(connection)
        if batch is None:
            return None
        row = store.entry_at(connection, index) if index < batch.size else None
        path = inclusion_path(tile_store.reader(connection), index, batch.size) if row else []
        return {
            "seal": seal_of(connection, batch),
            "leaf": "0x" + leaf_hash(row.data).hex() if row else None,
            "path": base64.b64encode(b"".join(path)).decode(),
            "anchors": anchors,
        }


def _accepted(entry: Entry) -> Entry:
    if entry.record.kind == "seal":
        raise NotFound("nobody is promised a seal: the checkpoint over it is one")
    return entry
