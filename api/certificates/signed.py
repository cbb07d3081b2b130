"""Signed credentials, and what the ledger's verifier takes from them.

A file has the issuer's signature in two suites, of which other verifiers know one or the other, and
the ledger's proof, which they pass over: it states another purpose and another type.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from api.certificates.credential import Credential, StatusEntry, to_document
from api.certificates.data_integrity import (
    RDFC,
    Signed,
    check_issuer,
    find_proof,
    proofs_of,
    sign_all,
    with_proof,
)
from api.certificates.did import domain_of, key_did, method_of, web_did
from api.certificates.reading import read_document
from api.pdf.statement import Opening, Row, Statement
from ledger.core.files.proof_file import CREDENTIAL
from ledger.core.format.fields import ZERO_HASH
from ledger.core.records.commitments import SALT_BYTES, commit
from ledger.core.records.record import jcs
from ledger.core.verify.certificate import Claims
from ledger.core.verify.certificate_rows import Claim
from ledger.errors import NotFound, ProofError

LEDGER_PROOF: Final = CREDENTIAL
"""The type of the ledger's proof."""

LEDGER_PURPOSE: Final = "ledgerInclusion"
"""Its purpose. Not `assertionMethod`: verifiers would take it for a signature of the issuer."""


def signed_credential(
    statement: Statement,
    key: Ed25519PrivateKey,
    domain: str = "",
    status: StatusEntry | None = None,
) -> dict[str, Any]:
    """The credential of a statement, signed at its time of issue. The issuer is the organisation's
    `did:web` below `domain`, or without one the `did:key` of the key. Raises `Refused` for what a
    credential cannot state."""
    public = key.public_key().public_bytes_raw()
    issuer = web_did(domain, statement.organisation) if domain else key_did(public)
    document = to_document(Credential(statement, issuer, status))
    return sign_all(document, key, method_of(issuer, public), statement.issued_at)


def for_other_programs(document: Mapping[str, Any]) -> dict[str, Any]:
    """The credential with one proof, `eddsa-rdfc-2022`: some verifiers refuse a list of several.
    Raises `NotFound` where the issuer made none."""
    proof = find_proof(document, RDFC)
    if proof is None:
        raise NotFound(f"the issuer did not sign it by {RDFC}")
    # Open Badges want a list of proofs, of one too.
    return {**document, "proof": [proof]}


def read_signed(document: object, now: int | None = None) -> tuple[Credential, Signed]:
    """What a credential states, and who signed it. Raises `ProofError` with check `format` or
    `credential`. `now` (Unix s) is for proofs that expire.

    That the key is the organisation's is for the ledger to prove.
    """
    if type(document) is not dict:
        raise ProofError("format", "a credential is a JSON object")
    credential = read_document(document)
    if type(document.get("proof")) is not list:
        raise ProofError("format", "proof is not a list")
    return credential, check_issuer(document, credential.issuer, now, LEDGER_PROOF)


def claims_of(document: object, now: int | None = None) -> Claims:
    """What a credential states, for `ledger.core.verify.certificate`. Raises as `read_signed`."""
    credential, signed = read_signed(document, now)
    assert type(document) is dict
    statement = credential.statement
    return Claims(
        document=_bare(document),
        key=signed.key,
        ignored=signed.ignored,
        ledger=statement.ledger,
        ledger_name=statement.ledger_name,
        organisation=statement.organisation,
        organisation_name=statement.organisation_name,
        domain=domain_of(credential.issuer, statement.organisation) or "",
        holder=statement.holder,
        number=statement.number,
        served_from=statement.served_from,
        served_until=statement.served_until,
        issued_at=statement.issued_at,
        supersedes=statement.supersedes or ZERO_HASH,
        rows=tuple(_claim(row) for row in statement.rows),
    )


def commitment_to(document: Mapping[str, Any], salt: bytes) -> bytes:
    """What the record of a certificate commits to: SHA-256(salt || JCS without `proof`)."""
    if len(salt) != SALT_BYTES:
        raise ValueError(f"a salt has {SALT_BYTES} bytes")
    return sha256(salt + _bare(document)).digest()


def with_ledger_proof(document: Mapping[str, Any], proof: Mapping[str, Any]) -> dict[str, Any]:
    """The credential with the ledger's proof of it in place of any older one."""
    signatures = [p for p in proofs_of(document) if p.get("type") != LEDGER_PROOF]
    log_key = bytes.fromhex(proof["genesis"]["log_key"][2:])
    member = {
        "type": LEDGER_PROOF,
        "proofPurpose": LEDGER_PURPOSE,
        "verificationMethod": method_of(key_did(log_key), log_key),
        "ledgerProof": proof,
    }
    return with_proof({**document, "proof": signatures}, member)


def ledger_proof_of(document: Mapping[str, Any]) -> object:
    """The ledger's proof in a credential, to be judged. Raises `ProofError("format", …)` where
    there is none, or it is not carried as `with_ledger_proof` does."""
    found = [p for p in proofs_of(document) if p.get("type") == LEDGER_PROOF]
    if len(found) != 1:
        raise ProofError("format", "the credential does not carry the ledger's proof")
    try:
        again = with_ledger_proof(document, found[0]["ledgerProof"])
    except (KeyError, TypeError, ValueError) as error:
        raise ProofError("format", "the ledger's proof has no log key") from error
    if again["proof"][-1] != found[0]:
        raise ProofError("format", "the ledger's proof is carried in another form")
    return found[0]["ledgerProof"]


def _bare(document: Mapping[str, Any]) -> bytes:
    return jcs({name: value for name, value in document.items() if name != "proof"})


def _claim(row: Row) -> Claim:
    return Claim(
        record=row.record,
        hour_class=row.hour_class,
        activity=row.activity,
        category=row.category,
        started_at=row.started_at,
        ended_at=row.ended_at,
        minutes=row.minutes,
        accepted_at=row.accepted_at,
        flags=row.flags,
        evidence=row.evidence,
        content=_commitment(row.content),
        charge=_commitment(row.charge),
    )


def _commitment(opening: Opening | None) -> bytes | None:
    return None if opening is None else commit(opening.salt, opening.fields)
