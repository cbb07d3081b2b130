"""Prove a certificate: all that it is about, who is behind it, what became of each part."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from ledger.core.format.limits import INTEGER_MAX
from ledger.core.kinds.registry import Certificate, service_of
from ledger.core.proofs.certificate_proof import FORMAT, binds, unbinds
from ledger.core.records.decode import read_entry
from ledger.core.records.record import Entry, record_id
from ledger.core.state.totals import RECORDED, Status, record_name, status_of_value
from ledger.core.trees.merkle import inclusion_paths
from ledger.core.trees.patricia_many import find_many
from ledger.core.verify.signers import issuer_of
from ledger.errors import Damaged, NotFound
from ledger.operations.backing import (
    certification_of,
    change_of,
    delegations_of,
    entry_of,
    revocations_of,
    successions_of,
)
from ledger.operations.ledger import Ledger
from ledger.operations.prove import Anchors, anchored_batches, proven, seal_of
from ledger.operations.roots import rooted
from ledger.operations.summary import root_of
from ledger.store import entries as entry_store
from ledger.store import tiles as tile_store
from ledger.store.engine import snapshot
from ledger.store.entries import Batch
from ledger.store.nodes import loader


def certificate_proof(
    ledger: Ledger,
    record: bytes,
    services: Sequence[bytes],
    public_key: bytes,
    salt: bytes,
    anchors_within: Anchors,
) -> dict[str, Any]:
    """The ledger's proof of a certificate as a JSON object: `services` are the record ids that it
    is about, `public_key` is the Ed25519 key that signed the credential, `salt` opens the record's
    commitment to it. Raises `NotFound`.

    It rests on the newest anchored checkpoint that holds the certificate, unless a newer one knows
    of a change of it or of a service; and, before it is in a batch, on none.
    """
    with snapshot(ledger.engine) as connection:
        entry = entry_of(connection, record)
        if not isinstance(entry.record.body, Certificate):
            raise NotFound("no such certificate")
        rows = sorted((entry_of(connection, name) for name in services), key=lambda e: e.index)
        parts = {record_id(ledger.ledger_id, e.record.body): e for e in (entry, *rows)}
        head, anchors, (stated, proof) = _head(connection, entry.index, list(parts), anchors_within)
        size = head.size if head else 0
        found = _changes(connection, parts, stated, size)
        changes = sorted((change for _, change in found), key=lambda e: e.index)
        key = _bound(connection, entry, public_key)
        certifications = _certifications(connection, parts.values())
        revocations = [
            *revocations_of(connection, list(parts.values())),
            *unbound(connection, entry, public_key),
        ]
        activities = _activities(connection, rows)
        behind = [*parts.values(), *activities, key, *changes]
        delegations = [
            *delegations_of(connection, behind),
            *successions_of(connection, found),
        ]
        seal = seal_of(connection, head)["entry"] if head else None
        shown = [*rows, *activities, key, *certifications, *delegations, *changes, *revocations]
        read = tile_store.reader(connection)
        inside = {e.index for e in shown if e.index < size} | ({size - 1} if head else set())
        path = inclusion_paths(read, sorted(inside), size) if head else []
        return {
            "format": FORMAT,
            **rooted(connection, ledger.genesis, size if head else None),
            "salt": "0x" + salt.hex(),
            "certificate": proven(connection, entry, head, read),
            "services": _json(rows),
            "activities": _json(activities),
            "issuer_key": key.to_json(),
            "certifications": _json(certifications),
            "delegations": _json(delegations),
            "changes": _json(changes),
            "revocations": _json(revocations),
            "seal": seal,
            "path": base64.b64encode(b"".join(path)).decode(),
            "statuses": _statuses(stated, proof) if head else None,
            "anchors": anchors,
        }


def _json(entries: Iterable[Entry]) -> list[dict[str, Any]]:
    return [entry.to_json() for entry in entries]


def _head(
    connection: Connection, index: int, names: Sequence[bytes], anchors_within: Anchors
) -> tuple[Batch | None, list[dict[str, Any]], tuple[list[Status], bytes]]:
    """The batch to rest on, its anchors, and the statuses of the records in its state tree with
    their proof."""
    newest = entry_store.last_batch(connection)
    if newest is None or newest.size <= index:
        return None, [], ([RECORDED] * len(names), b"")
    latest = _proved(connection, newest, names)
    for batch, anchors in anchored_batches(connection, anchors_within, index):
        older = _proved(connection, batch, names)
        # A newer batch that knows of a change goes before an anchored one that does not.
        if older[0] == latest[0]:
            return batch, anchors, older
    return newest, [], latest


def _proved(
    connection: Connection, batch: Batch, names: Sequence[bytes]
) -> tuple[list[Status], bytes]:
    """What the state tree of a batch says of records, in order, and the one proof of all."""
    keys = [record_name(name) for name in names]
    values, proof = find_many(loader(connection), root_of(connection, batch), keys)
    stated = []
    for name, key in zip(names, keys, strict=True):
        value = values[key]
        if value is None:
            raise Damaged("state", f"batch {batch.number} does not know record 0x{name.hex()}")
        stated.append(status_of_value(value))
    return stated, proof


def _statuses(stated: Sequence[Status], proof: bytes) -> dict[str, Any]:
    return {
        "values": [status.to_json() for status in stated],
        "proof": base64.b64encode(proof).decode(),
    }


def _changes(
    connection: Connection, parts: Mapping[bytes, Entry], stated: Sequence[Status], size: int
) -> list[tuple[Entry, Entry]]:
    """Each part that has changed, by record id, and what changed it."""
    found = []
    for (name, entry), status in zip(parts.items(), stated, strict=True):
        change = change_of(connection, name, status, size)
        if change is not None:
            found.append((entry, change))
    return found


def _certifications(connection: Connection, entries: Iterable[Entry]) -> list[Entry]:
    """What certified the organisation for each entry."""
    found: dict[int, Entry] = {}
    for entry in entries:
        issuer = issuer_of(entry.record)
        certification = certification_of(connection, entry, issuer) if issuer else None
        if certification is None:
            raise Damaged("log", f"nothing certifies the organisation of entry {entry.index}")
        found[certification.index] = certification
    return [found[index] for index in sorted(found)]


def _activities(connection: Connection, rows: Iterable[Entry]) -> list[Entry]:
    services = [service_of(row.record.body) for row in rows]
    named = dict.fromkeys(s.activity for s in services if s is not None and any(s.activity))
    return sorted((entry_of(connection, name) for name in named), key=lambda e: e.index)


def _keys(connection: Connection, entry: Entry, public_key: bytes, before: int) -> list[Entry]:
    """The records of an issuer's key, the newest first."""
    issuer = issuer_of(entry.record) or ""
    rows = entry_store.entries_of_kind(connection, issuer, "issuer_key", before)
    found = (read_entry(row.data) for row in rows)
    return [e for e in found if getattr(e.record.body, "public_key", None) == public_key]


def _bound(connection: Connection, entry: Entry, public_key: bytes) -> Entry:
    body = entry.record.body
    assert isinstance(body, Certificate)
    for found in _keys(connection, entry, public_key, entry.index):
        if binds(found, body):
            return found
    raise NotFound("the key that signed the credential is not bound to the organisation")


def unbound(connection: Connection, entry: Entry, public_key: bytes) -> list[Entry]:
    """What revoked the issuer's key since, from a time before the certificate on."""
    body = entry.record.body
    assert isinstance(body, Certificate)
    found = _keys(connection, entry, public_key, INTEGER_MAX)
    return [e for e in found if e.index > entry.index and unbinds(e, body, public_key)]
