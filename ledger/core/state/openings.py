"""What hides the values of the state tree, and opens one of them at a time.

    blind    SHA-256(0x0A || entry bytes)
    secret   of an address: 32 zero bytes, then SHA-256(0x0B || the one before || blind) for each
             entry that concerns it, in order
    opening  of a leaf: SHA-256(0x0C || the secret after the last entry that changed it || its key)
    value    SHA-256(0x09 || opening || what is stated, as JCS)

Whoever has all entries of an address, and an auditor has those of everybody, derives every opening;
whoever is shown one opening learns nothing of another leaf, nor of the same one at another time.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import Final

OPENING_BYTES: Final = 32


def next_secret(secret: bytes, entry: bytes) -> bytes:
    """The secret of an address after one more entry that concerns it, from the entry's bytes."""
    blind = sha256(b"\x0a" + entry).digest()
    return sha256(b"\x0b" + secret + blind).digest()


def opening_of(secret: bytes, key: bytes) -> bytes:
    """The opening of the leaf with a key, from the secret after the entry that changed it last."""
    return sha256(b"\x0c" + secret + key).digest()


@dataclass(frozen=True, slots=True)
class Opened:
    """What a leaf states, as JCS, and what opens it."""

    opening: bytes
    stated: bytes

    def value(self) -> bytes:
        """The value of the leaf (32 bytes)."""
        return sha256(b"\x09" + self.opening + self.stated).digest()
