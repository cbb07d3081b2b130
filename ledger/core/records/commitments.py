"""Salted commitments: what a record says of a person or a place without saying it."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256

from ledger.core.records.record import jcs

SALT_BYTES = 32
"""Length of a salt: a guess at the fields stays as hard as a guess at the salt."""


def commit(salt: bytes, fields: Mapping[str, str]) -> bytes:
    """SHA-256(salt || JCS(fields)), 32 bytes. Whoever holds both can show what was committed to;
    without the salt the commitment says nothing. Raises `ValueError` for a salt of another length.
    """
    if len(salt) != SALT_BYTES:
        raise ValueError(f"a salt has {SALT_BYTES} bytes")
    return sha256(salt + jcs(dict(fields))).digest()
