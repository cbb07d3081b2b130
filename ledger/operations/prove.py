"""Prove: an entry, its path, its issuer's certification and its anchors as one bundle."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection

from ledger.core.bundle import FORMAT, Status
from ledger.core.encoding import read_entry
from ledger.core.fields import body_to_json
from ledger.core.merkle import NodeReader, inclusion_path
from ledger.core.notes import TlogProof, render_tlog_proof, sign_note
from ledger.core.records import Entry
from ledger.core.standing import certifies, covered_time, grants, issuer_of, scope_of
from ledger.core.state import ServiceState, service_key
from ledger.errors import Damaged, NotFound
from ledger.operations.book import Book
from ledger.store import entries as store
from ledger.store import tiles as tile_store
from ledger.store.engine import snapshot
from ledger.store.entries import Batch
from ledger.store.state import SqlState

Anchors = Callable[[int], list[dict[str, Any]]]
"""Log size → the anchors of the checkpoint of that size."""

ANCHOR_SEARCH: Final = 64
"""How many batches back the newest anchored checkpoint is looked for."""


def bundle(
    book: Book, log_key: Ed25519PrivateKey, record_id: bytes, anchors_for: Anchors
) -> dict[str, Any]:
    """The proof bundle of a record as a JSON object. Raises `NotFound`.

    It rests on the newest anchored checkpoint that holds all its parts, or else on the newest
    checkpoint, or, before the record is in a batch, on none.
    """
    with snapshot(book.engine) as connection:
        entry = _entry(connection, record_id)
        service = SqlState(connection).get(service_key(record_id))
        changed_by = service.changed_by if service else b""
        issuer = issuer_of(entry.record)
        certification = _certification(connection, entry, issuer) if issuer else None
        change = _entry(connection, changed_by) if changed_by else None
        delegations = _delegations(connection, [e for e in (entry, change) if e is not None])
        last = max(e.index for e in (entry, change) if e is not None)
        head, anchors = _head(connection, last, anchors_for)
        if head is None:
            head, anchors = _head(connection, entry.index, anchors_for)
        read = tile_store.reader(connection)
        size = store.log_size(connection)
        return {
            "format": FORMAT,
            "genesis": body_to_json(book.genesis),
            "record": _proven(entry, head, read),
            "certification": _proven(certification, head, read),
            "delegations": [_proven(d, head, read) for d in delegations],
            "change": _proven(change, head, read),
            "status": _status(book, log_key, record_id, service, size),
            "anchors": anchors,
        }


def _entry(connection: Connection, record_id: bytes) -> Entry:
    row = store.entry_of(connection, record_id)
    if row is None:
        raise NotFound("no such record")
    return read_entry(row.data)


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
    connection: Connection, index: int, anchors_for: Anchors
) -> tuple[Batch | None, list[dict[str, Any]]]:
    newest = store.last_batch(connection)
    if newest is None or newest.size <= index:
        return None, []
    number = newest.number
    while number > max(0, newest.number - ANCHOR_SEARCH):
        candidate = store.batch_numbered(connection, number)
        if candidate is None:
            raise Damaged("batches", f"batch {number} is missing")
        if candidate.size <= index:
            break
        anchors = anchors_for(candidate.size)
        if anchors:
            return candidate, anchors
        number -= 1
    return newest, []


def _proven(entry: Entry | None, head: Batch | None, read: NodeReader) -> dict[str, Any] | None:
    if entry is None:
        return None
    proof: str | None = None
    if head is not None and entry.index < head.size:
        path = inclusion_path(read, entry.index, head.size)
        proof = render_tlog_proof(TlogProof(entry.index, tuple(path), head.checkpoint))
    return {"entry": entry.to_json(), "tlog_proof": proof}


def _status(
    book: Book,
    log_key: Ed25519PrivateKey,
    record_id: bytes,
    service: ServiceState | None,
    size: int,
) -> str:
    word = service.status if service else "recorded"
    status = Status(book.ledger_id, record_id, word, size, book.clock())
    return sign_note(status.text(), book.genesis.origin, log_key)
