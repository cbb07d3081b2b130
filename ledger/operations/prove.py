"""Prove: an entry, its path, its issuer's certification and its anchors as one bundle."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import Connection

from ledger.core.proofs.basis import basis_json
from ledger.core.proofs.bundle import FORMAT
from ledger.core.records.decode import read_entry
from ledger.core.records.record import Entry
from ledger.core.state.totals import RECORDED, Status
from ledger.core.trees.merkle import NodeReader, inclusion_path, inclusion_paths
from ledger.core.trees.notes import TlogProof, render_tlog_proof
from ledger.core.verify.signers import issuer_of
from ledger.core.verify.statuses import status_leaf
from ledger.errors import Damaged, NotFound
from ledger.operations.backing import (
    basis_of,
    certification_of,
    change_of,
    delegations_of,
    entry_of,
    successions_of,
)
from ledger.operations.ledger import Ledger
from ledger.operations.roots import charters_of, rooted
from ledger.operations.standing import Leaves, Told, leaves_of, record_rests, told
from ledger.operations.witnessed import with_cosignatures
from ledger.store import entries as store
from ledger.store import tiles as tile_store
from ledger.store.engine import snapshot
from ledger.store.entries import Batch

Anchors = Callable[[int, int], list[dict[str, Any]]]
"""Smallest and largest log size → the anchors of the checkpoint, of such a size, that a proof
had best rest on: the newest that is final on a chain, else the newest on one at all, else none."""


def bundle(ledger: Ledger, record_id: bytes, anchors_within: Anchors) -> dict[str, Any]:
    """The proof bundle of a record as a JSON object. Raises `NotFound`.

    It rests on the newest finally anchored checkpoint that holds the record, unless a newer one
    knows of a change; and, before the record is in a batch, on none.
    """
    with snapshot(ledger.engine) as connection:
        entry = entry_of(connection, record_id)
        if entry.record.kind == "seal":
            raise NotFound("a seal has no proof of its own: the checkpoint over it is one")
        issuer, basis = issuer_of(entry.record), basis_of(connection, entry)
        rests = record_rests(charters_of(connection, ledger.genesis), entry, basis)
        leaves = leaves_of(issuer, rests, [status_leaf(ledger.ledger_id, entry.record)])
        head, anchors, found = find_head(connection, leaves, entry.index, anchors_within)
        status = next(iter(found.statuses), RECORDED) if found else RECORDED
        change = change_of(connection, record_id, status, head.size if head else 0)
        certification = certification_of(connection, entry, issuer) if issuer else None
        changes = [change] if change else []
        delegations = [
            *delegations_of(connection, [entry, *basis, *changes]),
            *successions_of(connection, ((entry, made) for made in changes)),
        ]
        seal = _seal_entry(connection, head) if head else None
        others = [certification, *delegations, change, seal]
        read = tile_store.reader(connection)
        return {
            "format": FORMAT,
            **rooted(connection, ledger.genesis, head.size if head else None),
            "record": proven(connection, entry, head, read),
            "certification": certification.to_json() if certification else None,
            "delegations": [d.to_json() for d in delegations],
            "basis": basis_json([part.record for part in basis]),
            "change": change.to_json() if change else None,
            "standing": _standing(found, status) if found else None,
            "seal": seal.to_json() if seal else None,
            "path": _shared_path(read, head, [e for e in others if e is not None]),
            "anchors": anchors,
        }


def _shared_path(read: NodeReader, head: Batch | None, entries: list[Entry]) -> str:
    """One path for all entries that are in the log of the checkpoint."""
    if head is None:
        return ""
    inside = [entry.index for entry in entries if entry.index < head.size]
    return base64.b64encode(b"".join(inclusion_paths(read, inside, head.size))).decode()


def find_head(
    connection: Connection, leaves: Leaves, index: int, anchors_within: Anchors
) -> tuple[Batch | None, list[dict[str, Any]], Told | None]:
    """The batch to rest on, its anchors, and what its state tree says of some leaves; nothing while
    entry `index` is in no batch."""
    newest = store.last_batch(connection)
    if newest is None or newest.size <= index:
        return None, [], None
    latest = told(connection, newest, leaves)
    for batch, anchors in anchored_batches(connection, anchors_within, index):
        older = told(connection, batch, leaves)
        # A newer batch that knows of a change goes before an anchored one that does not.
        if older == latest:
            return batch, anchors, older
    return newest, [], latest


def anchored_batches(
    connection: Connection, anchors_within: Anchors, index: int = -1
) -> Iterator[tuple[Batch, list[dict[str, Any]]]]:
    """The batches that hold entry `index` and that a proof may rest on, the best first, each with
    its anchors: the newest that is final on a chain, newer ones that are on one, and the newest."""
    newest = store.last_batch(connection)
    if newest is None or newest.size <= index:
        return
    least = index + 1
    while least <= newest.size and (anchors := anchors_within(least, newest.size)):
        size = anchors[0]["size"]
        batch = store.batch_holding(connection, size - 1)
        if batch is None or batch.size != size:
            raise Damaged("batches", f"the batch of {size} entries is missing")
        yield batch, anchors
        least = size + 1
    if least <= newest.size:
        yield newest, []


def anchored_batch(
    connection: Connection, anchors_within: Anchors, index: int = -1
) -> tuple[Batch | None, list[dict[str, Any]]]:
    """The best of them all; None while no batch holds entry `index`."""
    return next(anchored_batches(connection, anchors_within, index), (None, []))


def _standing(found: Told, status: Status) -> dict[str, Any]:
    return {
        **found.taken.to_json(),
        "status": status.to_json(),
        "proof": found.proof_json(),
    }


def seal_of(connection: Connection, batch: Batch) -> dict[str, Any]:
    """The seal of a batch as a proven entry."""
    read = tile_store.reader(connection)
    return proven(connection, _seal_entry(connection, batch), batch, read)


def proven(
    connection: Connection, entry: Entry, head: Batch | None, read: NodeReader
) -> dict[str, Any]:
    """An entry with its own proof, which is None while it is not in a batch yet."""
    proof: str | None = None
    if head is not None and entry.index < head.size:
        path = inclusion_path(read, entry.index, head.size)
        note = with_cosignatures(connection, head)
        proof = render_tlog_proof(TlogProof(entry.index, tuple(path), note))
    return {"entry": entry.to_json(), "tlog_proof": proof}


def _seal_entry(connection: Connection, batch: Batch) -> Entry:
    row = store.entry_at(connection, batch.size - 1)
    if row is None:
        raise Damaged("log", f"entry {batch.size - 1} is missing")
    return read_entry(row.data)
