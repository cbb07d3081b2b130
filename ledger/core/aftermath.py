"""What became of an entry after it was made, judged from a proof alone: what its signers rested on
was taken back, or another record changed it."""

from __future__ import annotations

from typing import Final

from ledger.core import bodies
from ledger.core.bundle import Bundle
from ledger.core.fields import Body
from ledger.core.records import Entry, Record, record_id
from ledger.core.standing import issuer_of, time_of
from ledger.core.totals import Status
from ledger.errors import ProofError


def revokes(entry: Entry, issuer: str, signer: str, time: int) -> bool:
    """Whether an entry takes back, for what was entered at a time (Unix s), a key's delegation or
    the organisation's own standing."""
    body = entry.record.body
    if isinstance(body, bodies.Delegation):
        whose = (body.organisation, body.delegate, body.action) == (issuer, signer, "revoke")
        return whose and body.valid_from <= time
    if isinstance(body, bodies.Organisation):
        ended = body.organisation == issuer and body.action != "certify"
        return ended and body.valid_from <= time
    return False


def check_revocations(bundle: Bundle) -> bool:
    """Whether something that the record rests on was taken back from a time before it; each
    revocation of the bundle must say so of a part of it."""
    first = bundle.record.entry
    rests_on = [(r, time_of(r)) for r in bundle.basis.records(first.record.body)]
    for revocation in bundle.revocations:
        if not (withdrawn(first, revocation) or any(_takes_back(revocation, *p) for p in rests_on)):
            raise ProofError("status", "a revocation is shown that concerns no part of it")
    return bool(bundle.revocations)


def withdrawn(entry: Entry, revocation: Entry) -> bool:
    """Whether a later entry takes back, from a time before it, what the signers of one rest on.
    What was taken back before the entry was made, it withstood."""
    return revocation.index > entry.index and _takes_back(
        revocation, entry.record, entry.accepted_at
    )


def _takes_back(revocation: Entry, record: Record, time: int) -> bool:
    issuer = issuer_of(record) or ""
    return any(revokes(revocation, issuer, claim.signer, time) for claim in record.signatures)


_CHANGES: Final[dict[type[Body], tuple[str, str]]] = {
    bodies.Void: ("void", "target"),
    bodies.Amend: ("amended", "target"),
    bodies.Objection: ("disputed", "target"),
    bodies.Certificate: ("amended", "supersedes"),
}
"""The kind of record that brings a status about → the status, and the field that names whose."""


def check_change(bundle: Bundle, ledger: bytes, record: bytes, status: Status, size: int) -> str:
    """The status that holds: what the tree of `size` entries says, with the record behind it
    shown; or what a correction says that is newer than the batch and in no batch itself yet."""
    return changed(bundle.record.entry, bundle.change, ledger, record, status, size)


def changed(
    old: Entry, entry: Entry | None, ledger: bytes, record: bytes, status: Status, size: int
) -> str:
    """As `check_change`, of an entry and what is shown to have changed it."""
    if entry is None:
        if status.changed_by is not None:
            raise ProofError("status", f"{status.word}, but what made it so is not shown")
        return status.word
    body = entry.record.body
    word, field = _CHANGES.get(type(body), ("", ""))
    if not word or getattr(body, field) != record:
        raise ProofError("status", "what is shown does not change this record")
    if entry.index <= old.index:
        raise ProofError("status", "the change shown is older than the record")
    if entry.index >= size:
        return word
    if (word, record_id(ledger, body)) != (status.word, status.changed_by):
        raise ProofError("status", "the change shown is not the one that the tree names")
    return word
