"""Records, their signatures and entries as frozen values; ids, roles and claimed addresses.

A record is `{"kind", "body", "signatures"}`. Its id is the EIP-712 digest of the body under the
ledger's domain: the signatures are no part of it, so the same act signed twice is one record.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Any, Final

import rfc8785
from eth_hash.auto import keccak

from ledger.core.format.structs import Body, body_to_json, struct_hash
from ledger.core.kinds import registry as bodies
from ledger.core.trees.merkle import leaf_hash

DOMAIN_NAME: Final = "Hourledger"
"""EIP-712 domain name."""

DOMAIN_VERSION: Final = "2"
"""EIP-712 domain version: the version of all record types."""

_DOMAIN_TYPE: Final = keccak(b"EIP712Domain(string name,string version,bytes32 salt)")


@dataclass(frozen=True, slots=True)
class Sheet:
    """Where a record stands on a signed sheet: index, count and the path to the root."""

    index: int
    count: int
    path: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class SignatureClaim:
    """A claim, not yet checked: `signer` signed in `role`, alone or by a sheet."""

    role: str
    signer: str
    signature: bytes
    sheet: Sheet | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """A body with the signatures claimed for it."""

    body: Body
    signatures: tuple[SignatureClaim, ...]

    @property
    def kind(self) -> str:
        """The kind's name."""
        return self.body.kind

    def signer(self, role: str) -> str | None:
        """The address that claims a role, if any."""
        return next((s.signer for s in self.signatures if s.role == role), None)


@dataclass(frozen=True, slots=True)
class Entry:
    """What the log stores: a record, its index, the server's time of acceptance (Unix s), and what
    was remarkable about it then: words that only hours have."""

    index: int
    accepted_at: int
    record: Record
    flags: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The JSON object of the entry."""
        return {
            "index": self.index,
            "accepted_at": self.accepted_at,
            "flags": list(self.flags),
            "record": record_to_json(self.record),
        }

    def to_bytes(self) -> bytes:
        """The entry's bytes: RFC 8785 (JCS) of its JSON object."""
        return plain_jcs(self.to_json())

    def leaf(self) -> bytes:
        """The leaf hash: SHA-256(0x00 || entry bytes)."""
        return leaf_hash(self.to_bytes())


def jcs(value: Any) -> bytes:
    """Canonical JSON (RFC 8785)."""
    return rfc8785.dumps(value)


_PLAIN: Final = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def plain_jcs(value: Any) -> bytes:
    """Canonical JSON of what this library made itself: objects with text for names, lists, text,
    integers below 2^53, booleans and null, no other number.

    Of such values the C encoder of the standard library gives the same bytes, five times as fast,
    as long as there are no letters outside ASCII: those order names by other rules.
    """
    text = _PLAIN.encode(value)
    return text.encode() if text.isascii() else rfc8785.dumps(value)


def record_to_json(record: Record) -> dict[str, Any]:
    """The JSON object of a record."""
    return {
        "kind": record.kind,
        "body": body_to_json(record.body),
        "signatures": [claim_to_json(s) for s in record.signatures],
    }


def claim_to_json(claim: SignatureClaim) -> dict[str, Any]:
    """The JSON object of a claimed signature."""
    plain: dict[str, Any] = {
        "role": claim.role,
        "signer": claim.signer,
        "signature": "0x" + claim.signature.hex(),
    }
    if claim.sheet is not None:
        plain["sheet"] = {
            "index": claim.sheet.index,
            "count": claim.sheet.count,
            "path": ["0x" + h.hex() for h in claim.sheet.path],
        }
    return plain


def ledger_id(genesis: bodies.Genesis) -> bytes:
    """SHA-256 of the JCS form of the genesis body: the ledger's name in domains and on chains."""
    return sha256(jcs(body_to_json(genesis))).digest()


@lru_cache(maxsize=64)
def domain_separator(ledger: bytes) -> bytes:
    """EIP-712 domain separator of one ledger; bound to no chain, so a chain can be replaced."""
    words = (keccak(DOMAIN_NAME.encode()), keccak(DOMAIN_VERSION.encode()), ledger)
    return keccak(_DOMAIN_TYPE + b"".join(words))


def digest(ledger: bytes, body: Body) -> bytes:
    """EIP-712 digest of a body: what is signed, and for a record its id."""
    return keccak(b"\x19\x01" + domain_separator(ledger) + struct_hash(body))


def record_id(ledger: bytes, body: Body) -> bytes:
    """The record's id: its digest."""
    return digest(ledger, body)


def home_ledger(record: Record, ledger: bytes | None) -> bytes | None:
    """The ledger under whose domain a record is signed: a genesis names its own."""
    if isinstance(record.body, bodies.Genesis):
        return ledger_id(record.body)
    return ledger
