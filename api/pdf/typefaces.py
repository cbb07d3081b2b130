"""Which font draws which character, and what becomes of one that no font has."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import groupby, islice
from pathlib import Path
from types import MappingProxyType
from typing import Final, Literal

from fpdf import FPDF
from fpdf.fonts import TTFFont

from api.words import both
from ledger.errors import Unavailable

PACKED: Final = Path(__file__).parent / "fonts"
MADE: Final = Path(__file__).parents[2] / "build/fonts"

FOLDER: Final = PACKED if (PACKED / "text.woff").exists() else MADE
"""In an installed package beside this file, in a checkout where `make setup` puts them."""

FONTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "text": "594599adde125659a51f24cecb4ca32b8d0daf998e3777731e2cb27f009e3f41",
        "rare": "f78a4bca29ab2b9e84b84644f686aa0e8f690a44c5247b83adcdc1ab25a9d76f",
        "text-hant": "41589a58d401aac01a1d28ad8aee72776b71714fee7f4bcb97a5197738021e63",
        "head": "5c6117f0954f37bd0d02719cb1117a75c75abd3441d212620cdc648c78aed867",
        "head-hant": "1c70feb49e1b67fc855786bbbdf4054ff307896f597ceea25da82bcee0b490bd",
    }
)
"""Font → digest of its contents (`make_fonts.py`, which also says where they come from)."""

Role = Literal["text", "head"]

CHAINS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "zh-Hans": ("text", "rare"),
        "zh-Hant": ("text-hant", "text", "rare"),
        "en": ("text", "rare"),
    }
)
"""Language → the fonts of its text; the first that has a character draws it."""

HEADS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "zh-Hans": ("head", "head-hant"),
        "zh-Hant": ("head-hant", "head"),
        "en": ("head", "head-hant"),
    }
)
"""Language → the fonts of its headings; the first that has all of a heading draws it, and if none
has, the text fonts do: no name is set in two faces."""

MISSING: Final = "〓"
"""Printed where no font has the character: the mark that printers have always set for it."""


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text that one font draws."""

    font: str
    text: str


@dataclass(slots=True)
class Typefaces:
    """The fonts of one document; a font is loaded when its first character comes.

    `missing` are the characters that no font has, in the order in which they were met.
    """

    pdf: FPDF
    language: str
    missing: dict[str, None] = field(default_factory=dict)

    def runs(self, text: str, role: Role) -> list[Run]:
        """The text cut into pieces by font. Line breaks and tabs become spaces; a character that no
        font has, or that would change its neighbours unseen (a control or direction mark), becomes
        `MISSING` and is reported."""
        chain = CHAINS[self.language]
        plain = "".join(" " if char in "\t\n\r\u2028\u2029" else char for char in text)
        if role == "head":
            whole = (head for head in HEADS[self.language] if self._has(head, plain))
            chain = (*islice(whole, 1), *chain)
        drawn = [self._drawn(char, chain) for char in plain]
        return [
            Run(font, "".join(char for _, char in group))
            for font, group in groupby(drawn, key=lambda pair: pair[0])
        ]

    def width(self, text: str, role: Role, size: float) -> float:
        """The length in millimetres of a text set in `size` points."""
        units = sum(
            self._font(run.font).cw[ord(char)] for run in self.runs(text, role) for char in run.text
        )
        return units / 1000 * size / self.pdf.k

    def _drawn(self, char: str, chain: tuple[str, ...]) -> tuple[str, str]:
        font = self._font_of(char, chain)
        if font is not None:
            return font, char
        self.missing[char] = None
        found = self._font_of(MISSING, CHAINS[self.language])
        assert found is not None
        return found, MISSING

    def _has(self, font: str, text: str) -> bool:
        return all(self._font_of(char, (font,)) is not None for char in text)

    def _font_of(self, char: str, chain: tuple[str, ...]) -> str | None:
        if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co", "Cn"):
            return None
        return next((name for name in chain if ord(char) in self._font(name).cmap), None)

    def _font(self, name: str) -> TTFFont:
        if name not in self.pdf.fonts:
            file = FOLDER / f"{name}.woff"
            if not file.exists():
                raise Unavailable(
                    both("the fonts of printed documents are missing: run make setup")
                )
            self.pdf.add_font(name, fname=file)
        font = self.pdf.fonts[name]
        assert isinstance(font, TTFFont)
        return font
