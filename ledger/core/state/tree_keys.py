"""Keys of the state tree: hashes, so that a neighbour which a proof shows tells nobody's name.

    account    SHA-256(0x0D || 0x01 || address)                                       32 bytes
    month      SHA-256(0x0D || 0x02 || address || "YYYY-MM")                          32 bytes
    status     the first 8 bytes of SHA-256(0x0D || 0x03 || address)
               || SHA-256(0x0D || 0x04 || address || record id)                       40 bytes
    organisation  SHA-256(0x0D || 0x05 || address)                                    32 bytes
    delegation    SHA-256(0x0D || 0x06 || organisation || delegate)                   32 bytes

A delegate is an address, or the 32 bytes of a key with which the organisation signs credentials.

The statuses of one person begin alike, so one proof of many of them is short.
"""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256
from typing import Final

PERSON_BYTES: Final = 8
"""How many bytes the statuses of one person have in common: enough to tell billions apart, and
whoever shares them with somebody else loses nothing but the shortness of a proof."""


def account_name(address: str) -> bytes:
    """Key of an account."""
    return _hashed(b"\x01", _raw(address))


def month_name(address: str, month: str) -> bytes:
    """Key of a local month ("YYYY-MM") of an account."""
    return _hashed(b"\x02", _raw(address), month.encode())


def status_name(address: str, record: bytes) -> bytes:
    """Key of the status of a record about a person."""
    return _person(address) + _hashed(b"\x04", _raw(address), record)


def organisation_name(address: str) -> bytes:
    """Key of what was taken back of an organisation."""
    return _hashed(b"\x05", _raw(address))


def delegation_name(organisation: str, delegate: str | bytes) -> bytes:
    """Key of what an organisation took back of a key that acts or signs for it."""
    named = _raw(delegate) if isinstance(delegate, str) else delegate
    return _hashed(b"\x06", _raw(organisation), named)


@lru_cache(maxsize=1024)
def _person(address: str) -> bytes:
    return _hashed(b"\x03", _raw(address))[:PERSON_BYTES]


def _raw(address: str) -> bytes:
    return bytes.fromhex(address[2:])


def _hashed(*parts: bytes) -> bytes:
    return sha256(b"\x0d" + b"".join(parts)).digest()
