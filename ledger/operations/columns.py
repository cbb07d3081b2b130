"""The book as rows for analysis, batch by batch, without anything that the log does not say.

    entries       every entry: index, time, kind, record id, batch
    services      services and their amended versions, as they were entered
    corrections   voids, amendments, objections and decisions: what they are about, and why
    transfers     coins moved
    activities    activities as they were published

All follow from the entries; what became of a service is found by joining `corrections`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from ledger.core import bodies
from ledger.core.encoding import read_entry
from ledger.core.records import Entry, record_id
from ledger.operations.book import Book
from ledger.store import entries as store
from ledger.store.engine import snapshot
from ledger.store.entries import Batch

Row = Mapping[str, Any]

TABLES: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "entries": (
        ("index", "int64"),
        ("batch", "int64"),
        ("accepted_at", "time"),
        ("kind", "string"),
        ("record", "string"),
    ),
    "services": (
        ("index", "int64"),
        ("record", "string"),
        ("amends", "string"),
        ("hour_class", "string"),
        ("volunteer", "string"),
        ("organisation", "string"),
        ("activity", "string"),
        ("started_at", "time"),
        ("ended_at", "time"),
        ("accepted_at", "time"),
        ("minutes", "int64"),
        ("evidence", "int64"),
        ("signers", "string"),
    ),
    "corrections": (
        ("index", "int64"),
        ("record", "string"),
        ("kind", "string"),
        ("target", "string"),
        ("reason", "string"),
        ("accepted_at", "time"),
    ),
    "transfers": (
        ("index", "int64"),
        ("record", "string"),
        ("sender", "string"),
        ("recipient", "string"),
        ("coins", "int64"),
        ("purpose", "string"),
        ("accepted_at", "time"),
    ),
    "activities": (
        ("index", "int64"),
        ("record", "string"),
        ("organisation", "string"),
        ("title", "string"),
        ("category", "string"),
        ("starts_at", "time"),
        ("ends_at", "time"),
        ("seats", "int64"),
        ("accepted_at", "time"),
    ),
}
"""Table → columns and their types, in order; `time` is seconds, UTC. Ids and addresses are text."""


def batches(book: Book) -> Iterator[tuple[Batch, dict[str, list[Row]]]]:
    """Every sealed batch with its rows by table."""
    number = 0
    while True:
        with snapshot(book.engine) as connection:
            found = store.batches_after(connection, number, 1)
            if not found:
                return
            (batch,) = found
            rows = store.entries_from(connection, batch.first_index, batch.size)
        tables: dict[str, list[Row]] = {name: [] for name in TABLES}
        for row in rows:
            for table, values in _rows(book.ledger_id, batch, read_entry(row.data)):
                tables[table].append(values)
        yield batch, tables
        number = batch.number


def _rows(ledger: bytes, batch: Batch, entry: Entry) -> Iterator[tuple[str, Row]]:
    body = entry.record.body
    common = {
        "index": entry.index,
        "record": "0x" + record_id(ledger, body).hex(),
        "accepted_at": entry.accepted_at,
        "kind": entry.record.kind,
        "batch": batch.number,
    }
    yield "entries", common
    match body:
        case bodies.Service() | bodies.Amend():
            yield "services", common | _service(entry, body)
        case bodies.Transfer() | bodies.Activity():
            table = "transfers" if isinstance(body, bodies.Transfer) else "activities"
            names = (name for name, _ in TABLES[table] if name not in common)
            yield table, common | {name: getattr(body, name) for name in names}
    target = getattr(body, "target", None)
    if isinstance(target, bytes):
        reason = getattr(body, "reason", None) or getattr(body, "outcome", "")
        yield "corrections", common | {"target": "0x" + target.hex(), "reason": reason}


def _service(entry: Entry, body: bodies.Service | bodies.Amend) -> dict[str, Any]:
    service = bodies.service_of(body)
    assert service is not None
    return {
        "amends": "0x" + body.target.hex() if isinstance(body, bodies.Amend) else None,
        "hour_class": service.hour_class,
        "volunteer": service.volunteer,
        "organisation": service.organisation,
        "activity": "0x" + service.activity.hex() if any(service.activity) else None,
        "started_at": service.started_at,
        "ended_at": service.ended_at,
        "minutes": service.minutes,
        "evidence": len(service.evidence),
        "signers": " ".join(claim.signer for claim in entry.record.signatures),
    }
