"""Proofs of W3C Data Integrity by Ed25519 keys (EdDSA Cryptosuites v1.0, §3.2 and §3.3).

    transform   the canonical bytes of the document without `proof`, and of the proof without
                `proofValue`: JCS of `eddsa-jcs-2022`, N-Quads of `eddsa-rdfc-2022`
    hash        SHA-256(proof) || SHA-256(document)
    sign        Ed25519 over these 64 bytes; `proofValue` is multibase base58btc

JSON in, JSON out: no network, no clock. A verifier reads fewer forms than the standard has: proofs
of a known suite that demand more than these steps (a chain of proofs, a challenge, members that it
does not know) are refused, never ignored. Failures are `ProofError("credential", …)`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

import base58
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from api.certificates.did import read_method
from api.certificates.rdf import canonical
from api.certificates.times import read_stamp, to_stamp
from ledger.core.records.record import jcs
from ledger.errors import ProofError

TYPE: Final = "DataIntegrityProof"
JCS: Final = "eddsa-jcs-2022"
RDFC: Final = "eddsa-rdfc-2022"
PURPOSE: Final = "assertionMethod"

PROOFS_MAX: Final = 16
"""Most members of a proof set that are read."""

SUITES: Final[Mapping[str, Callable[[Any], bytes]]] = {JCS: jcs, RDFC: canonical}
"""Suite → the canonical bytes of a JSON object; those that cost least to check come first."""

_NEEDED: Final = frozenset(("type", "cryptosuite", "verificationMethod", "proofPurpose"))
_TIMED: Final = _NEEDED | {"created", "expires", "proofValue"}
_KNOWN: Final = {JCS: _TIMED | {"@context", "id"}, RDFC: _TIMED}
_NAME: Final = re.compile(r"[A-Za-z0-9._:/#-]{1,80}\Z")


@dataclass(frozen=True, slots=True)
class Signed:
    """Who signed a document: the Ed25519 key (32 bytes) by which its proofs hold, None where none
    of them is of a suite that is known here, and the names of those that are not."""

    key: bytes | None
    ignored: tuple[str, ...]


def sign_all(
    document: Mapping[str, Any], key: Ed25519PrivateKey, method: str, created: int
) -> dict[str, Any]:
    """The document with a list of proofs, one of each suite, as `sign` makes them."""
    for suite in SUITES:
        document = sign(document, key, method, created, suite)
    return dict(document)


def sign(
    document: Mapping[str, Any],
    key: Ed25519PrivateKey,
    method: str,
    created: int,
    suite: str = JCS,
) -> dict[str, Any]:
    """The document with a proof: by `key`, which `method` names, made at `created` (Unix s). Proofs
    that it has stay beside the new one, as a set."""
    options: dict[str, Any] = {
        "type": TYPE,
        "cryptosuite": suite,
        "created": to_stamp(created),
        "verificationMethod": method,
        "proofPurpose": PURPOSE,
    }
    if suite == JCS and "@context" in document:
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
    if options["cryptosuite"] == RDFC:
        # §3.2.5: terms of the proof mean what those of the document mean.
        wanted["@context"] = document.get("@context")
    form = SUITES[options["cryptosuite"]]
    return sha256(form(wanted)).digest() + sha256(form(bare)).digest()


def proofs_of(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    """All proofs of a document, of whatever type, in order."""
    found = document.get("proof")
    proofs: list[Any] = found if type(found) is list else [found]
    if not 0 < len(proofs) <= PROOFS_MAX or not all(type(proof) is dict for proof in proofs):
        raise ProofError("credential", f"one to {PROOFS_MAX} proofs are needed")
    return proofs


def check_issuer(
    document: Mapping[str, Any], issuer: str, now: int | None = None, beside: str = ""
) -> Signed:
    """Check that an issuer (a DID) signed a document: every proof of a known suite holds, all are
    by one key. Proofs of type `beside` are another's affair. `now` as of `verify`."""
    proofs = [proof for proof in proofs_of(document) if proof.get("type") != beside]
    if not proofs:
        raise ProofError("credential", f"one to {PROOFS_MAX} proofs are needed")
    # Names of all are read first: what has none is no proof that another program could check.
    names = [_name(proof) for proof in proofs]
    keys = set()
    for suite in SUITES:
        proof = find_proof(document, suite)
        if proof is None:
            continue
        signer, key = read_method(proof.get("verificationMethod"))
        if signer != issuer:
            raise ProofError("credential", "the credential is signed by another than its issuer")
        keys.add(key)
        if len(keys) > 1:
            raise ProofError("credential", "the proofs of the issuer are by two keys")
        verify(document, proof, key, now)
    ignored = [
        name for name, proof in zip(names, proofs, strict=True) if not _is_of(proof, tuple(SUITES))
    ]
    return Signed(keys.pop() if keys else None, tuple(ignored))


def find_proof(document: Mapping[str, Any], suite: str = JCS) -> dict[str, Any] | None:
    """The proof of a suite in a document, None where it has none. Two are refused: who signed must
    be plain."""
    found = [proof for proof in proofs_of(document) if _is_of(proof, (suite,))]
    if len(found) > 1:
        raise ProofError("credential", f"one proof by {suite} is needed, there are {len(found)}")
    return found[0] if found else None


def _is_of(proof: Mapping[str, Any], suites: tuple[str, ...]) -> bool:
    return proof.get("type") == TYPE and proof.get("cryptosuite") in suites


def _name(proof: Mapping[str, Any]) -> str:
    name = proof.get("cryptosuite" if proof.get("type") == TYPE else "type")
    if type(name) is not str or not _NAME.match(name):
        raise ProofError("credential", "a proof does not say what it is")
    return name


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
    if not _is_of(proof, tuple(SUITES)):
        raise ProofError("credential", "the proof is of a suite that is not known")
    if not _NEEDED <= proof.keys() <= _KNOWN[proof["cryptosuite"]]:
        raise ProofError("credential", "the proof has members that are not known, or lacks some")
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
