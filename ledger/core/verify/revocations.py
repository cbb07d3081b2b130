"""What was taken back after an entry was made, of what its signers rest on, judged from a proof
alone. What changed it: `ledger.core.verify.changes`."""

from __future__ import annotations

from ledger.core.kinds import registry as bodies
from ledger.core.proofs.bundle import Bundle
from ledger.core.records.record import Entry, Record
from ledger.core.verify.signers import issuer_of, time_of
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
