"""Which characters no text has: fixed ranges, so that every program refuses the same texts,
whatever version of Unicode its interpreter knows."""

from __future__ import annotations

import re
from typing import Final

HIDDEN: Final = (
    (0x0000, 0x001F),
    (0x007F, 0x009F),
    (0x00AD, 0x00AD),
    (0x061C, 0x061C),
    (0x180E, 0x180E),
    (0x200B, 0x200F),
    (0x2028, 0x202E),
    (0x2060, 0x206F),
    (0xD800, 0xF8FF),
    (0xFDD0, 0xFDEF),
    (0xFEFF, 0xFEFF),
    (0xFFF0, 0xFFFB),
    *((plane + 0xFFFE, plane + 0xFFFF) for plane in range(0, 0xF0000, 0x10000)),
    (0xE0000, 0xE00FF),
    (0xE01F0, 0xE0FFF),
    (0xF0000, 0x10FFFF),
)
"""First and last code point of what cannot be seen, turns the text round, or is no character:
controls, joiners, directions, surrogates, private use, tags. E0100 to E01EF choose variants of Han
characters, which names have."""

_HIDDEN: Final = re.compile(f"[{''.join(f'{chr(a)}-{chr(b)}' for a, b in HIDDEN)}]")


def has_hidden(text: str) -> bool:
    """Whether a character of `HIDDEN` is in a text."""
    return _HIDDEN.search(text) is not None
