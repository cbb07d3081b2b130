"""Names as a certificate shows them: enough for the holder to be recognised beside an ID card."""

from __future__ import annotations

import unicodedata
from typing import Final

MASK: Final = "＊"
"""Stands for one character that is not shown."""


def masked(name: str) -> str:
    """A name with only the first character of it, or of each of its words, shown; empty for an
    empty one. Ada King → A＊＊ K＊＊＊."""
    shown, first = [], True
    for character in name.strip():
        part = unicodedata.category(character)[0] in "LMN"
        shown.append(character if first or not part else MASK)
        first = not part
    return "".join(shown)
