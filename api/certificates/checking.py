"""Judge a credential file: what its issuer signed, against the ledger's proof that it carries."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from api.certificates.signed import claims_of, ledger_proof_of
from ledger.core.documents import VERIFIERS, Asked, Verifier, verify_file
from ledger.core.files.proof_file import CREDENTIAL
from ledger.core.verify.anchor import AnchorLookup
from ledger.core.verify.attestation import Gate
from ledger.core.verify.certificate import CHECKS, verify_certificate
from ledger.core.verify.checks import Report, Run
from ledger.core.verify.pinned import Pins, nobody
from ledger.errors import ProofError


def verify_credential(document: Mapping[str, Any], chain: AnchorLookup | None = None) -> Report:
    """Judge a credential (a JSON object) with the ledger's proof in it."""
    try:
        proof = ledger_proof_of(document)
    except ProofError as error:
        run = Run(CHECKS, "certificate")
        run.note("format", False, error.reason)
        return run.report("invalid")
    return verify_certificate(proof, lambda: claims_of(document), chain)


ALL: Final[Mapping[str, Verifier]] = {
    **VERIFIERS,
    CREDENTIAL: lambda held, by: verify_credential(held, by.chain),
}
"""Form → verifier, of all forms."""


def verify_any(
    data: bytes,
    chain: AnchorLookup | None = None,
    *,
    pins: Pins = nobody,
    gate: Gate | None = None,
    now: int | None = None,
) -> Report:
    """Judge the bytes of a file: a credential, or any other proof file, an attestation for the
    gate that asks, a receipt by a time (Unix s)."""
    return verify_file([data], Asked(chain, pins, gate, now), ALL)
