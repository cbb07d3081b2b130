"""Make a transcript: all entries of an account since the batch before a period."""

from __future__ import annotations

import base64
from typing import Any

from sqlalchemy import Connection

from ledger.core.encoding import read_entry
from ledger.core.fields import body_to_json
from ledger.core.merkle import inclusion_paths
from ledger.core.records import Entry
from ledger.core.transcript import ENTRIES_MAX, FORMAT
from ledger.errors import NotFound, Refused
from ledger.operations.book import Book
from ledger.operations.prove import Anchors, anchored_batch, seal_of
from ledger.operations.prove_account import standing
from ledger.refusals import Code
from ledger.store import entries as store
from ledger.store import tiles as tile_store
from ledger.store.engine import snapshot
from ledger.store.entries import Batch


def transcript(
    book: Book, address: str, start: int, end: int, anchors_for: Anchors
) -> dict[str, Any]:
    """The transcript of an account for the half-open period (Unix s) as a JSON object: it rests on
    the newest anchored batch, so it holds all that changed since. Raises `NotFound` before the
    first batch and `Refused(TOO_LARGE)` for more entries than a transcript takes."""
    skew = book.policy.clock_skew_seconds
    with snapshot(book.engine) as connection:
        batch, anchors = anchored_batch(connection, anchors_for)
        if batch is None:
            raise NotFound("no batch is sealed yet")
        # A service may be accepted `skew` seconds before it ends by the signer's clock.
        before = store.batch_before(connection, start - skew)
        if before is not None and before.number >= batch.number:
            before = store.batch_numbered(connection, batch.number - 1)
        entries = _entries(connection, address, before.size if before else 0, batch.size)
        shown = [entry.index for entry in entries]
        if before is not None:
            shown.append(before.size - 1)
        read = tile_store.reader(connection)
        path = inclusion_paths(read, shown, batch.size) if shown else []
        return {
            "format": FORMAT,
            "genesis": body_to_json(book.genesis),
            "account": address,
            "from": start,
            "to": end,
            "before": _before(connection, before, address),
            "after": {
                "seal": seal_of(connection, batch),
                **standing(connection, batch, address),
            },
            "entries": [entry.to_json() for entry in entries],
            "path": base64.b64encode(b"".join(path)).decode(),
            "anchors": anchors,
        }


def _entries(connection: Connection, address: str, first: int, stop: int) -> list[Entry]:
    rows = store.entries_concerning(connection, address, first - 1, ENTRIES_MAX + 1)
    found = [read_entry(row.data) for row in rows if row.index < stop]
    if len(found) > ENTRIES_MAX:
        raise Refused(Code.TOO_LARGE, f"more than {ENTRIES_MAX} entries: ask for a later period")
    return found


def _before(connection: Connection, batch: Batch | None, address: str) -> dict[str, Any] | None:
    if batch is None:
        return None
    seal = seal_of(connection, batch)["entry"]
    return {"seal": seal, **standing(connection, batch, address)}
