"""Names of issuers and keys as W3C DIDs: `did:key`, `did:web`, `did:pkh`. No network.

The key of a `did:web` issuer stands in the name of its verification method, after the `#`. Whether
that key is the organisation's is a question for the ledger (a record of kind `issuer_key`), never
for a web server: a certificate must be judged when the server is gone.
"""

from __future__ import annotations

import re
from typing import Any, Final

import base58

from ledger.core.format.fields import Address
from ledger.core.format.spellings import Host
from ledger.errors import ProofError, Refused

ED25519_PREFIX: Final = b"\xed\x01"
"""Multicodec `ed25519-pub` as a varint, before the 32 bytes of a key."""

CONTEXTS: Final = ("https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1")
"""JSON-LD contexts of a DID document."""

_KEY: Final = re.compile(r"z6Mk[1-9A-HJ-NP-Za-km-z]{44}\Z")
_HOST, _ADDRESS = Host(), Address()


def multikey(public_key: bytes) -> str:
    """An Ed25519 public key (32 bytes) as W3C Multikey: base58btc behind `z6Mk`."""
    if len(public_key) != 32:
        raise ValueError("an Ed25519 public key has 32 bytes")
    return "z" + str(base58.b58encode(ED25519_PREFIX + public_key).decode())


def read_multikey(text: object) -> bytes:
    """The 32 bytes of a key in its one spelling. Raises `ProofError("credential", …)`."""
    if type(text) is not str or not _KEY.match(text):
        raise ProofError("credential", "not an Ed25519 key in multibase base58btc")
    data = bytes(base58.b58decode(text[1:]))
    if data[:2] != ED25519_PREFIX or multikey(data[2:]) != text:
        raise ProofError("credential", "not an Ed25519 key in multibase base58btc")
    return data[2:]


def key_did(public_key: bytes) -> str:
    """The `did:key` of an Ed25519 key (32 bytes)."""
    return "did:key:" + multikey(public_key)


def web_did(domain: str, organisation: str) -> str:
    """The `did:web` of an organisation below a domain; its document is served at
    `https://<domain>/organisations/<address>/did.json`. Raises `Refused(BAD_VALUE)`."""
    if not _HOST.decode(domain, "domain"):
        raise ValueError("did:web needs a domain")
    return f"did:web:{domain}:organisations:{_ADDRESS.decode(organisation, 'organisation')}"


def holder_did(address: str) -> str:
    """The `did:pkh` of an address. Accounts of all EVM chains are named by way of chain 1."""
    return "did:pkh:eip155:1:" + address


def read_holder_did(text: object) -> str:
    """The address in a `did:pkh` as `holder_did` writes it. Raises `ProofError("format", …)`."""
    prefix = holder_did("")
    if type(text) is not str or not text.startswith(prefix):
        raise ProofError("format", "the holder is not named by did:pkh:eip155:1")
    return _address(text.removeprefix(prefix))


def method_of(issuer: str, public_key: bytes) -> str:
    """The verification method of an issuer's key: the DID, `#`, the key as Multikey."""
    return f"{issuer}#{multikey(public_key)}"


def read_method(text: object) -> tuple[str, bytes]:
    """The DID and the key (32 bytes) in a verification method. A `did:key` must be of that very
    key. Raises `ProofError("credential", …)`."""
    if type(text) is not str or text.count("#") != 1:
        raise ProofError("credential", "the verification method does not name a key of its issuer")
    issuer, fragment = text.split("#")
    key = read_multikey(fragment)
    if issuer.startswith("did:key:") and issuer != key_did(key):
        raise ProofError("credential", "the verification method names another key than its issuer")
    return issuer, key


def domain_of(issuer: object, organisation: str) -> str | None:
    """The domain of an issuer's `did:web` for that organisation, None for a `did:key`. Raises
    `ProofError("format", …)` for any other name."""
    if type(issuer) is not str or len(issuer) > 400:
        raise ProofError("format", "the issuer is not named by a DID")
    if issuer.startswith("did:key:"):
        read_multikey(issuer.removeprefix("did:key:"))
        return None
    tail = ":organisations:" + organisation
    domain = issuer.removeprefix("did:web:").removesuffix(tail)
    if issuer != f"did:web:{domain}{tail}":
        raise ProofError("format", "the issuer is not a did:key, or did:web of the organisation")
    try:
        web_did(domain, organisation)
    except (Refused, ValueError) as error:
        raise ProofError("format", "the domain of the issuer is no domain") from error
    return domain


def did_document(domain: str, organisation: str, public_keys: tuple[bytes, ...]) -> dict[str, Any]:
    """The document of an organisation's `did:web`: the Ed25519 keys (32 bytes each) with which it
    signs credentials, and its address in the ledger as another name of the same subject."""
    did = web_did(domain, organisation)
    methods = [
        {
            "id": method_of(did, key),
            "type": "Multikey",
            "controller": did,
            "publicKeyMultibase": multikey(key),
        }
        for key in public_keys
    ]
    return {
        "@context": list(CONTEXTS),
        "id": did,
        "alsoKnownAs": [holder_did(organisation)],
        "verificationMethod": methods,
        "assertionMethod": [method["id"] for method in methods],
    }


def read_did_document(value: object, domain: str, organisation: str) -> tuple[bytes, ...]:
    """The keys in a document of an organisation's `did:web`, which must be exactly as
    `did_document` writes it. Raises `ProofError("credential", …)`."""
    methods = value.get("verificationMethod") if type(value) is dict else None
    if type(methods) is not list or len(methods) > 64:
        raise ProofError("credential", "not a DID document with at most 64 keys")
    keys = tuple(
        read_multikey(method.get("publicKeyMultibase") if type(method) is dict else None)
        for method in methods
    )
    if value != did_document(domain, organisation, keys):
        raise ProofError("credential", "not the DID document of that organisation")
    return keys


def _address(text: str) -> str:
    try:
        return _ADDRESS.decode(text, "address")
    except Refused as error:
        raise ProofError("format", "an address is not in EIP-55 spelling") from error
