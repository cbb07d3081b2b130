"""A random sample that nobody can choose and anybody can draw again: `docs/spec/audit.md`.

The seed is stated before the head of the log is known, or by somebody who does not write the log;
the draw depends on both.
"""

from __future__ import annotations

from hashlib import sha256
from itertools import count
from typing import Final

_TAG: Final = b"hourledger-sample/v1"
_WORD: Final = 2**64


def draw(what: str, seed: str, root: bytes, wanted: int, total: int) -> list[int]:
    """`wanted` different numbers below `total` (all of them if there are fewer), in order. `what`
    names what is drawn, `root` is the head of the log (32 bytes)."""
    if wanted >= total:
        return list(range(total))
    found: set[int] = set()
    fair = _WORD // total * total
    prefix = b"\n".join((_TAG, what.encode(), seed.encode(), root.hex().encode(), b""))
    for turn in count():
        if len(found) >= wanted:
            break
        word = int.from_bytes(sha256(prefix + str(turn).encode()).digest()[:8], "big")
        if word < fair:
            found.add(word % total)
    return sorted(found)
