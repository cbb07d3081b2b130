"""Prove: an entry, its path, its issuer's certification and its anchors as one bundle."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from sqlalchemy import Connection

from ledger.core.bundle import FORMAT
from ledger.core.encoding import read_entry
from ledger.core.fields import body_to_json
from ledger.core.merkle import NodeReader, inclusion_path
from ledger.core.notes import TlogProof, render_tlog_proof
from ledger.core.patricia_proof import Path, encode_steps, find
from ledger.core.records import Entry
from ledger.core.standing import certifies, covered_time, grants, issuer_of, scope_of
from ledger.core.state import service_key
from ledger.core.totals import RECORDED, Status, record_name, status_in
from ledger.errors import Damaged, NotFound
from ledger.operations.book import Book
from ledger.operations.summary import root_of
from ledger.store import entries as store
from ledger.store import tiles as tile_store
from ledger.store.engine import snapshot
from ledger.store.entries import Batch
from ledger.store.nodes import loader
from ledger.store.state import SqlState

Anchors = Callable[[int], list[dict[str, Any]]]
"""Log size → the anchors of the checkpoint of that size."""

ANCHOR_SEARCH: Final = 64
"""How many batches back the newest anchored checkpoint is looked for."""


def bundle(book: Book, record_id: bytes, anchors_for: Anchors) -> dict[str, Any]:
    """The proof bundle of a record as a JSON object. Raises `NotFound`.

    It rests on the newest anchored checkpoint that holds the record, unless a newer one knows of
    a change; and, before the record is in a batch, on none.
    """
    with snapshot(book.engine) as connection:
        entry = _entry(connection, record_id)
        if entry.record.kind == "seal":
            raise NotFound("a seal has no proof of its own: the checkpoint over it is one")
        head, anchors, proof = _head(connection, record_id, entry.index, anchors_for)
        status = status_in(proof) if proof else RECORDED
        change = _change(connection, record_id, status, head.size if head else 0)
        issuer = issuer_of(entry.record)
        certification = _certification(connection, entry, issuer) if issuer else None
        delegations = _delegations(connection, [e for e in (entry, change) if e is not None])
        read = tile_store.reader(connection)
        return {
            "format": FORMAT,
            "genesis": body_to_json(book.genesis),
            "record": _proven(entry, head, read),
            "certification": _proven(certification, head, read),
            "delegations": [_proven(d, head, read) for d in delegations],
            "change": _proven(change, head, read),
            "status": _status(connection, head, proof, read),
            "anchors": anchors,
        }


def _entry(connection: Connection, record_id: bytes) -> Entry:
    row = store.entry_of(connection, record_id)
    if row is None:
        raise NotFound("no such record")
    return read_entry(row.data)


def _change(connection: Connection, record_id: bytes, status: Status, size: int) -> Entry | None:
    """What changed the record: as the tree says, or newer than every batch."""
    live = SqlState(connection).get(service_key(record_id))
    if live is not None and live.changed_by:
        newest = _entry(connection, live.changed_by)
        if newest.index >= size:
            return newest
    return _entry(connection, status.changed_by) if status.changed_by else None


def _certification(connection: Connection, entry: Entry, issuer: str) -> Entry | None:
    """The newest certification before the entry that covers its time."""
    start, end = covered_time(entry)
    for row in store.entries_of_kind(connection, issuer, "organisation", entry.index):
        found = read_entry(row.data)
        if certifies(found, issuer, start, end):
            return found
    return None


def _delegations(connection: Connection, entries: list[Entry]) -> list[Entry]:
    """The newest grant before an entry for each of its signers that needs one."""
    found: dict[int, Entry] = {}
    for entry in entries:
        issuer = issuer_of(entry.record)
        for claim in entry.record.signatures:
            scope = scope_of(entry.record, claim.role)
            if issuer is None or scope is None or claim.signer == issuer:
                continue
            for row in store.entries_of_kind(connection, claim.signer, "delegation", entry.index):
                grant = read_entry(row.data)
                if grants(grant, issuer, claim.signer, scope, entry.accepted_at):
                    found[grant.index] = grant
                    break
    return list(found.values())


def _head(
    connection: Connection, record_id: bytes, index: int, anchors_for: Anchors
) -> tuple[Batch | None, list[dict[str, Any]], Path | None]:
    """The batch to rest on, its anchors, and the path of the record's status in its state tree."""
    newest = store.last_batch(connection)
    if newest is None or newest.size <= index:
        return None, [], None
    latest = _status_path(connection, newest, record_id)
    batch, anchors = anchored_batch(connection, anchors_for, index)
    if batch is None or batch.number == newest.number:
        return newest, anchors, latest
    path = _status_path(connection, batch, record_id)
    # A newer batch that knows of a change goes before an anchored one that does not.
    return (batch, anchors, path) if path.leaf == latest.leaf else (newest, [], latest)


def anchored_batch(
    connection: Connection, anchors_for: Anchors, index: int = -1
) -> tuple[Batch | None, list[dict[str, Any]]]:
    """The newest anchored batch that holds entry `index`, with its anchors; where there is none,
    the newest batch; None where that does not hold it."""
    newest = store.last_batch(connection)
    if newest is None or newest.size <= index:
        return None, []
    for number in range(newest.number, max(0, newest.number - ANCHOR_SEARCH), -1):
        candidate = store.batch_numbered(connection, number)
        if candidate is None:
            raise Damaged("batches", f"batch {number} is missing")
        if candidate.size <= index:
            break
        anchors = anchors_for(candidate.size)
        if anchors:
            return candidate, anchors
    return newest, []


def _status_path(connection: Connection, head: Batch, record_id: bytes) -> Path:
    path = find(loader(connection), root_of(connection, head), record_name(record_id))
    if path is None or path.leaf.key != record_name(record_id):
        raise Damaged("state", f"batch {head.number} does not know record 0x{record_id.hex()}")
    return path


def _status(
    connection: Connection, head: Batch | None, path: Path | None, read: NodeReader
) -> dict[str, Any] | None:
    if head is None or path is None:
        return None
    return {
        "seal": seal_of(connection, head, read),
        "value": status_in(path).to_json(),
        "path": "0x" + encode_steps(path.steps).hex(),
    }


def seal_of(
    connection: Connection, batch: Batch, read: NodeReader | None = None
) -> dict[str, Any] | None:
    """The seal of a batch as a proven entry."""
    row = store.entry_at(connection, batch.size - 1)
    if row is None:
        raise Damaged("log", f"entry {batch.size - 1} is missing")
    return _proven(read_entry(row.data), batch, read or tile_store.reader(connection))


def _proven(entry: Entry | None, head: Batch | None, read: NodeReader) -> dict[str, Any] | None:
    if entry is None:
        return None
    proof: str | None = None
    if head is not None and entry.index < head.size:
        path = inclusion_path(read, entry.index, head.size)
        proof = render_tlog_proof(TlogProof(entry.index, tuple(path), head.checkpoint))
    return {"entry": entry.to_json(), "tlog_proof": proof}
