"""The ledger as rows for analysis, batch by batch, without anything that the log does not say.

    entries       every entry: index, time, kind, record id, batch
    services      services and their amended versions, as they were entered
    corrections   voids, amendments, objections and decisions: what they are about, and why

and a table for each kind that declares one, with all its fields: organisations, delegations,
activities, transfers.

What became of a service is said as of one batch, the newest when the reading begins, as its state
tree has it: a later void makes the same row another. All else follows from the entry alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from sqlalchemy import Connection

from ledger.core.credits.days import day_of
from ledger.core.format.fields import ZERO_ADDRESS, Field, UInt, UnixTime
from ledger.core.format.structs import fields_of
from ledger.core.kinds.kind import KINDS, Kind, kind_of
from ledger.core.kinds.registry import Amend, Service, service_of
from ledger.core.records.decode import read_entry
from ledger.core.records.record import Entry, record_id
from ledger.core.state.attendance_state import activity_key
from ledger.core.state.totals import Status
from ledger.core.state.tree_keys import status_name
from ledger.core.trees.patricia_proof import find
from ledger.operations.ledger import Ledger
from ledger.operations.summary import root_of
from ledger.store import entries as store
from ledger.store.engine import snapshot
from ledger.store.entries import Batch
from ledger.store.nodes import loader, remembering
from ledger.store.openings import openings
from ledger.store.state import SqlState

Row = Mapping[str, Any]

NODES_KEPT: Final = 50_000
"""Nodes of the state tree that are kept in memory."""

Columns = tuple[tuple[str, str], ...]

_OWN: Final[Mapping[str, Columns]] = {
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
        ("day", "day"),
        ("minutes", "int64"),
        ("category", "string"),
        ("status", "string"),
        ("flags", "string"),
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
}


def tables() -> Mapping[str, Columns]:
    """Table → columns and their types, in order; `time` is seconds, UTC; `day` counts the ledger's
    local days since 1970-01-01. Ids and addresses are text; in the tables of kinds what is zero is
    null, and lists have blanks between their items."""
    declared = {kind.table: _columns(kind) for kind in KINDS.values() if kind.table}
    return {**_OWN, **declared}


def _columns(kind: Kind) -> Columns:
    fields = ((name, _type(field)) for name, field in fields_of(kind.body).items())
    return (("index", "int64"), ("record", "string"), *fields, ("accepted_at", "time"))


def _type(field: Field) -> str:
    if isinstance(field, UnixTime):
        return "time"
    return "int64" if isinstance(field, UInt) else "string"


def batches(ledger: Ledger) -> Iterator[tuple[Batch, dict[str, list[Row]]]]:
    """Every batch that is sealed now with its rows by table."""
    with snapshot(ledger.engine) as connection:
        newest = store.last_batch(connection)
    offset, number = ledger.policy.utc_offset_minutes, 0
    while newest is not None and number < newest.number:
        with snapshot(ledger.engine) as connection:
            (batch,) = store.batches_after(connection, number, 1)
            rows = store.entries_from(connection, batch.first_index, batch.size)
            telling = _Telling(connection, root_of(connection, newest), offset)
            filled: dict[str, list[Row]] = {name: [] for name in tables()}
            for row in rows:
                for table, values in _rows(ledger.ledger_id, batch, read_entry(row.data), telling):
                    filled[table].append(values)
        yield batch, filled
        number = batch.number


class _Telling:
    """What is said of a service beyond its entry, as of the root of a state tree."""

    def __init__(self, connection: Connection, root: bytes, utc_offset_minutes: int) -> None:
        self._connection = connection
        self._load = remembering(loader(connection), NODES_KEPT)
        self._state = SqlState(connection)
        self._root = root
        self._offset = utc_offset_minutes

    def tell(self, service: Service, record: bytes) -> dict[str, Any]:
        key = status_name(service.volunteer, record)
        path = find(self._load, self._root, key)
        value = path.leaf.value if path is not None and path.leaf.key == key else b""
        opened = openings(self._connection, [value or None])
        status = Status.of(opened.get(value))
        activity = self._state.get(activity_key(service.activity))
        return {
            "day": day_of(service.started_at, self._offset),
            "category": activity.category if activity else None,
            "status": status.word,
        }


def _rows(
    ledger: bytes, batch: Batch, entry: Entry, telling: _Telling
) -> Iterator[tuple[str, Row]]:
    body = entry.record.body
    record = record_id(ledger, body)
    common = {
        "index": entry.index,
        "record": "0x" + record.hex(),
        "accepted_at": entry.accepted_at,
        "kind": entry.record.kind,
        "batch": batch.number,
    }
    yield "entries", common
    kind = kind_of(body)
    if kind.table:
        shown = {name: _shown(getattr(body, name)) for name in fields_of(kind.body)}
        yield kind.table, common | shown
    if isinstance(body, Service | Amend):
        service = service_of(body)
        assert service is not None
        told = telling.tell(service, record)
        yield "services", common | _service(entry, body, service) | told
    target = kind.target_of(body)
    if target is not None:
        reason = getattr(body, "reason", None) or getattr(body, "outcome", "")
        yield "corrections", common | {"target": "0x" + target.hex(), "reason": reason}


def _shown(value: Any) -> Any:
    if isinstance(value, bytes):
        return "0x" + value.hex() if any(value) else None
    if isinstance(value, tuple):
        return " ".join(str(_shown(item)) for item in value)
    return None if value == ZERO_ADDRESS else value


def _service(entry: Entry, body: Service | Amend, service: Service) -> dict[str, Any]:
    return {
        "amends": "0x" + body.target.hex() if isinstance(body, Amend) else None,
        "hour_class": service.hour_class,
        "volunteer": service.volunteer,
        "organisation": service.organisation,
        "activity": "0x" + service.activity.hex() if any(service.activity) else None,
        "started_at": service.started_at,
        "ended_at": service.ended_at,
        "minutes": service.minutes,
        "flags": " ".join(entry.flags),
        "evidence": len(service.evidence),
        "signers": " ".join(claim.signer for claim in entry.record.signatures),
    }
