"""What became of a certificate and of each service that it is about."""

from __future__ import annotations

from ledger.core.kinds.registry import Certificate, IssuerKey, Seal
from ledger.core.proofs.certificate_proof import CertificateProof, unbinds
from ledger.core.records.record import Entry, record_id
from ledger.core.state.totals import RECORDED, Status, record_name
from ledger.core.trees.notes import Checkpoint
from ledger.core.trees.patricia_many import verify_many
from ledger.core.verify.changes import changed, target_of
from ledger.core.verify.log_checks import UNSIGNED, state_under
from ledger.core.verify.revocations import withdrawn
from ledger.errors import ProofError

Found = tuple[str, Entry, Entry | None]
"""A status, the entry that has it, and what brought it about."""


def find_statuses(
    proof: CertificateProof,
    ledger: bytes,
    head: Checkpoint | None,
    found: list[Found],
) -> str:
    """The check `status`: finds that of the certificate and of each service, with what brought it
    about. Raises `ProofError("status", …)`."""
    entries = proof.parts()
    names = [record_id(ledger, entry.record.body) for entry in entries]
    stated = _proved(proof, names, head)
    size, used = head.size if head else 0, set[int]()
    changes = {target_of(change.record): change for change in proof.changes}
    if len(changes) != len(proof.changes):
        raise ProofError("status", "two changes of one record are shown")
    for entry, name, status in zip(entries, names, stated, strict=True):
        change = changes.get(name)
        used |= {change.index} if change else set()
        word = changed(entry, change, ledger, name, status, size)
        taken = [r for r in proof.revocations if withdrawn(entry, r) or _unbinds(proof, entry, r)]
        used |= {revocation.index for revocation in taken}
        if taken and word == "recorded":
            word, change = "disputed", taken[0]
        found.append((word, entry, change))
    if used != {entry.index for entry in proof.later()}:
        raise ProofError("status", "the proof carries a change that concerns no part of it")
    body = proof.seal.record.body if proof.seal else None
    words = ", ".join(dict.fromkeys(word for word, _, _ in found))
    if isinstance(body, Seal):
        return f"{words} as of batch {body.batch}"
    return f"{words} by what the signers say; {UNSIGNED}"


def _unbinds(proof: CertificateProof, entry: Entry, revocation: Entry) -> bool:
    body, bound = entry.record.body, proof.issuer_key.record.body
    if not isinstance(body, Certificate) or not isinstance(bound, IssuerKey):
        return False
    return revocation.index > entry.index and unbinds(revocation, body, bound.public_key)


def _proved(
    proof: CertificateProof, names: list[bytes], head: Checkpoint | None
) -> tuple[Status, ...]:
    statuses, seal = proof.statuses, proof.seal
    if head is None and statuses is None:
        return (RECORDED,) * len(names)
    if statuses is None or seal is None or head is None:
        raise ProofError("status", "the statuses are not proved")
    body = state_under(proof.root, seal, head)
    if len(statuses.values) != len(names):
        raise ProofError("status", "a status for each record is needed")
    wanted = zip(names, statuses.values, strict=True)
    leaves = {record_name(name): status.value() for name, status in wanted}
    try:
        verify_many(body.state_root, leaves, statuses.proof)
    except ProofError as error:
        raise ProofError("status", error.reason) from error
    return statuses.values
