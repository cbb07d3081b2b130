"""Credentials whose issuer signed in two suites, changed in one of them."""

from typing import Any

from api.certificates.data_integrity import JCS, RDFC
from api.certificates.signed import LEDGER_PROOF


def suite_of(proof: dict[str, Any]) -> str:
    """What a proof is: its suite, or its type."""
    return str(proof.get("cryptosuite") or proof["type"])


def with_proofs(file: dict[str, Any], *proofs: dict[str, Any]) -> dict[str, Any]:
    """A certificate with these proofs in place of its issuer's, before the ledger's."""
    ledger = [proof for proof in file["proof"] if proof["type"] == LEDGER_PROOF]
    return {**file, "proof": [*proofs, *ledger]}


def own(file: dict[str, Any], suite: str = JCS) -> dict[str, Any]:
    """The issuer's proof of a suite."""
    [found] = [proof for proof in file["proof"] if suite_of(proof) == suite]
    return dict(found)


def without_rdf(file: dict[str, Any]) -> dict[str, Any]:
    """A file without the signature that the browser does not check."""
    proofs = file.get("proof")
    if not isinstance(proofs, list):
        return file
    return {**file, "proof": [proof for proof in proofs if suite_of(proof) != RDFC]}
