"""Proofs of the suite `eddsa-jcs-2022` (W3C Data Integrity EdDSA Cryptosuites v1.0, §3.3).

    transform   JCS of the document without `proof`, JCS of the proof without `proofValue`
    hash        SHA-256(proof) || SHA-256(document)
    sign        Ed25519 over these 64 bytes; `proofValue` is multibase base58btc

JSON in, JSON out: no JSON-LD processing, no network, no clock. A verifier reads fewer forms than
the standard has: proofs that demand more than these steps (a chain of proofs, a challenge, members
that it does not know) are refused, never ignored. Failures are `ProofError("credential", …)`.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Final

import base58
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from api.certificates.times import read_stamp, to_stamp
from ledger.core.records.record import jcs
from ledger.errors import ProofError

TYPE: Final = "DataIntegrityProof"
SUITE: Final = "eddsa-jcs-2022"
PURPOSE: Final = "assertionMethod"

PROOFS_MAX: Final = 16
"""Most members of a proof set that are read."""

_NEEDED: Final = frozenset(("type", "cryptosuite", "verificationMethod", "proofPurpose"))
_KNOWN: Final = _NEEDED | {"@context", "id", "created", "expires", "proofValue"}


def sign(
    document: Mapping[str, Any], key: Ed25519PrivateKey, method: str, created: int
) -> dict[str, Any]:
    """The document with a proof: by `key`, which `method` names, made at `created` (Unix s). Proofs
    that it has stay beside the new one, as a set."""
    options: dict[str, Any] = {
        "type": TYPE,
        "cryptosuite": SUITE,
        "created": to_stamp(created),
        "verificationMethod": method,
        "proofPurpose": PURPOSE,
    }
    if "@context" in document:
        options["@context"] = document["@context"]
    signature = key.sign(hash_data(document, options))
    value = "z" + base58.b58encode(signature).decode()
    return with_proof(document, {**options, "proofValue": value})


def with_proof(document: Mapping[str, Any], proof: Mapping[str, Any]) -> dict[str, Any]:
    """The document with one more proof, the last of its set. Raises `ProofError`."""
    old = proofs_of(document) if "proof" in document else []
    return {**document, "proof": [*old, proof] if old else proof}


def hash_data(document: Mapping[str, Any], options: Mapping[str, Any]) -> bytes:
    """The 64 bytes that are signed, from a document and the options of a proof."""
    bare = {name: value for name, value in document.items() if name != "proof"}
    wanted = {name: value for name, value in options.items() if name != "proofValue"}
    return sha256(jcs(wanted)).digest() + sha256(jcs(bare)).digest()


def proofs_of(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    """All proofs of a document, of whatever type, in order."""
    found = document.get("proof")
    proofs: list[Any] = found if type(found) is list else [found]
    if not 0 < len(proofs) <= PROOFS_MAX or not all(type(proof) is dict for proof in proofs):
        raise ProofError("credential", f"one to {PROOFS_MAX} proofs are needed")
    return proofs


def find_proof(document: Mapping[str, Any]) -> dict[str, Any]:
    """The one proof of this suite in a document. Two are refused: who signed must be plain."""
    ours = [
        proof
        for proof in proofs_of(document)
        if proof.get("type") == TYPE and proof.get("cryptosuite") == SUITE
    ]
    if len(ours) != 1:
        raise ProofError("credential", f"one proof by {SUITE} is needed, there are {len(ours)}")
    return ours[0]


def verify(
    document: Mapping[str, Any],
    proof: Mapping[str, Any],
    public_key: bytes,
    now: int | None = None,
) -> None:
    """Check a proof of a document against an Ed25519 key (32 bytes). `now` (Unix s) judges proofs
    that expire; without it they are refused."""
    _check_options(proof, now)
    signature = _signature(proof.get("proofValue"))
    signed = {**document}
    if "@context" in proof:
        stated, shown = _listed(proof["@context"]), _listed(document.get("@context"))
        if shown[: len(stated)] != stated:
            raise ProofError("credential", "the proof was made for other contexts")
        # §3.3.2: what is signed is what the proof states; the document may have more after it.
        signed["@context"] = proof["@context"]
    try:
        data = hash_data(signed, proof)
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, data)
    except (InvalidSignature, ValueError) as error:
        raise ProofError("credential", "the issuer's signature does not hold") from error


def _check_options(proof: Mapping[str, Any], now: int | None) -> None:
    if not _NEEDED <= proof.keys() <= _KNOWN:
        raise ProofError("credential", "the proof has members that are not known, or lacks some")
    if (proof["type"], proof["cryptosuite"]) != (TYPE, SUITE):
        raise ProofError("credential", f"the proof is not by {SUITE}")
    if proof["proofPurpose"] != PURPOSE:
        raise ProofError("credential", "the proof was made for another purpose")
    if type(proof["verificationMethod"]) is not str or type(proof.get("id", "")) is not str:
        raise ProofError("credential", "the proof does not name its verification method")
    if "created" in proof and read_stamp(proof["created"]) is None:
        raise ProofError("credential", "the proof's time is no dateTimeStamp")
    if "expires" in proof:
        expires = read_stamp(proof["expires"])
        if expires is None or now is None or now >= expires:
            raise ProofError("credential", "the proof has expired, or nobody says what time it is")


def _signature(value: object) -> bytes:
    if type(value) is not str or not 65 <= len(value) <= 90 or value[0] != "z":
        raise ProofError("credential", "the signature is not in multibase base58btc")
    try:
        signature = bytes(base58.b58decode(value[1:].encode("ascii")))
    except ValueError as error:
        raise ProofError("credential", "the signature is not in multibase base58btc") from error
    if len(signature) != 64 or base58.b58encode(signature).decode() != value[1:]:
        raise ProofError("credential", "an Ed25519 signature has 64 bytes")
    return signature


def _listed(context: object) -> list[Any]:
    return context if type(context) is list else [context]
