"""Prove a certificate: all that it is about, who is behind it, what became of each part."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from ledger.core.kinds.kind import kind_of
from ledger.core.kinds.registry import Certificate, service_of
from ledger.core.proofs.certificate_proof import FORMAT, binds
from ledger.core.records.decode import read_entry
from ledger.core.records.record import Entry, record_id
from ledger.core.state.totals import RECORDED, Status
from ledger.core.state.tree_keys import status_name
from ledger.core.trees.merkle import inclusion_paths
from ledger.core.verify.certificate_status import issuer_rest
from ledger.core.verify.signers import issuer_of
from ledger.core.verify.standing import entry_rests
from ledger.errors import Damaged, NotFound
from ledger.operations.backing import (
    certification_of,
    change_of,
    delegations_of,
    entry_of,
    successions_of,
)
from ledger.operations.ledger import Ledger
from ledger.operations.prove import Anchors, find_head, proven, seal_of
from ledger.operations.roots import charters_of, rooted
from ledger.operations.standing import Told, leaves_of
from ledger.store import entries as entry_store
from ledger.store import tiles as tile_store
from ledger.store.engine import snapshot


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
        key = _bound(connection, entry, public_key)
        root = charters_of(connection, ledger.genesis)
        rests = [entry_rests(root, part) for part in parts.values()]
        rests[0].append(issuer_rest(entry, key))
        statuses = [status_name(_holder(part), name) for name, part in parts.items()]
        every = [one for part in rests for one in part]
        leaves = leaves_of(issuer_of(entry.record), every, statuses)
        head, anchors, told = find_head(connection, leaves, entry.index, anchors_within)
        stated = told.statuses if told else (RECORDED,) * len(parts)
        size = head.size if head else 0
        found = _changes(connection, parts, stated, size)
        changes = sorted((change for _, change in found), key=lambda e: e.index)
        certifications = _certifications(connection, parts.values())
        activities = _activities(connection, rows)
        behind = [*parts.values(), *activities, key, *changes]
        delegations = [
            *delegations_of(connection, behind),
            *successions_of(connection, found),
        ]
        seal = seal_of(connection, head)["entry"] if head else None
        shown = [*rows, *activities, key, *certifications, *delegations, *changes]
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
            "standing": _standing(told) if told else None,
            "seal": seal,
            "path": base64.b64encode(b"".join(path)).decode(),
            "anchors": anchors,
        }


def _holder(part: Entry) -> str:
    """Whom a certificate or a service is about."""
    holder = kind_of(part.record.body).subject_of(part.record.body)
    if holder is None:
        raise NotFound(f"a {part.record.kind} is no service")
    return holder


def _json(entries: Iterable[Entry]) -> list[dict[str, Any]]:
    return [entry.to_json() for entry in entries]


def _standing(told: Told) -> dict[str, Any]:
    return {
        **told.taken.to_json(),
        "statuses": [status.to_json() for status in told.statuses],
        "proof": told.proof_json(),
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
