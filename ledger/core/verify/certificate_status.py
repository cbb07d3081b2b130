"""What became of a certificate and of each service that it is about."""

from __future__ import annotations

from typing import NamedTuple

from ledger.core.kinds.registry import Certificate, IssuerKey, Seal
from ledger.core.proofs.certificate_proof import CertificateProof
from ledger.core.records.record import Entry, record_id
from ledger.core.state.totals import RECORDED, Status
from ledger.core.state.tree_keys import delegation_name
from ledger.core.trees.notes import Checkpoint
from ledger.core.verify.changes import changed, target_of
from ledger.core.verify.log_checks import UNSIGNED, state_under
from ledger.core.verify.signers import issuer_of
from ledger.core.verify.standing import Rest, entry_rests, is_taken, taken_leaves
from ledger.core.verify.statuses import demand_statuses, status_values
from ledger.errors import ProofError


class Found(NamedTuple):
    """A status, the entry that has it, what brought it about (None: no record did), and whether
    something that the entry rests on was taken back."""

    word: str
    entry: Entry
    change: Entry | None
    revoked: bool


def find_statuses(
    proof: CertificateProof,
    ledger: bytes,
    head: Checkpoint | None,
    found: list[Found],
) -> str:
    """The check `status`: finds that of the certificate and of each service, with what brought it
    about. Raises `ProofError("status", …)`."""
    entries = proof.parts()
    stated = _proved(proof, ledger, head)
    size, used = head.size if head else 0, set[int]()
    changes = {target_of(change.record): change for change in proof.changes}
    if len(changes) != len(proof.changes):
        raise ProofError("status", "two changes of one record are shown")
    for entry, (status, revoked) in zip(entries, stated, strict=True):
        name = record_id(ledger, entry.record.body)
        change = changes.get(name)
        used |= {change.index} if change else set()
        word = changed(entry, change, ledger, name, status, size)
        word = "disputed" if revoked and word == RECORDED.word else word
        found.append(Found(word, entry, change, revoked))
    if used != {entry.index for entry in proof.changes}:
        raise ProofError("status", "the proof carries a change that concerns no part of it")
    body = proof.seal.record.body if proof.seal else None
    words = ", ".join(dict.fromkeys(one.word for one in found))
    if isinstance(body, Seal):
        return f"{words} as of batch {body.batch}"
    return f"{words} by what the signers say; {UNSIGNED}"


def issuer_rest(certificate: Entry, bound: Entry) -> Rest:
    """That a certificate rests on the key with which its credential is signed, from when that says
    that it was issued."""
    body, key = certificate.record.body, bound.record.body
    if not isinstance(body, Certificate) or not isinstance(key, IssuerKey):
        raise ProofError("status", "a certificate and the key of its issuer are needed")
    name = delegation_name(body.organisation, key.public_key)
    return name, certificate.index, body.issued_at


def _proved(
    proof: CertificateProof, ledger: bytes, head: Checkpoint | None
) -> list[tuple[Status, bool]]:
    """The status of each part, and whether something that it rests on was taken back."""
    standing, seal = proof.standing, proof.seal
    records = [entry.record for entry in proof.parts()]
    if head is None and standing is None:
        return [(RECORDED, False)] * len(records)
    if standing is None or seal is None or head is None:
        raise ProofError("status", "the statuses are not proved")
    body = state_under(proof.root, seal, head)
    if len(standing.statuses) != len(records):
        raise ProofError("status", "a status for each record is needed")
    rests = [entry_rests(proof.root, entry) for entry in proof.parts()]
    rests[0].append(issuer_rest(proof.certificate.entry, proof.issuer_key))
    organisation = issuer_of(records[0])
    every = [one for part in rests for one in part]
    wanted, taken = taken_leaves(organisation, every, standing.taken)
    found = status_values(ledger, zip(records, standing.statuses, strict=True))
    demand_statuses(body.state_root, {**wanted, **found}, standing.proof)
    return [(s, is_taken(taken, r)) for s, r in zip(standing.statuses, rests, strict=True)]
