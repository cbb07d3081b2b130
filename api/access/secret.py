"""Bearer secrets: 256 random bits behind a prefix, shown once, kept only as their SHA-256.

A fast hash is enough: nobody guesses 256 random bits. Secrets are found by the hash, so no
comparison of theirs takes longer the nearer a guess is.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final

SECRET_BYTES: Final = 32
"""Random bytes of a secret: 256 bits."""

_TEXT = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass(frozen=True, slots=True)
class Secret:
    """A secret in the caller's hands. `text` is what the bearer sends; it shows in no repr."""

    text: str = field(repr=False)

    @property
    def hash(self) -> bytes:
        """What is kept of it: SHA-256 of the text (32 bytes)."""
        return sha256(self.text.encode()).digest()


def new_secret(prefix: str) -> Secret:
    """A new secret; the prefix tells its kind, and lets scanners find one that leaked."""
    return Secret(prefix + secrets.token_urlsafe(SECRET_BYTES))


def read_secret(prefix: str, text: str) -> Secret | None:
    """A secret of a kind as somebody sent it; None for text that cannot be one."""
    if not text.startswith(prefix) or _TEXT.fullmatch(text, len(prefix)) is None:
        return None
    return Secret(text)
