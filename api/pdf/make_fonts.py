"""Makes the fonts of printed documents: `python -m api.pdf.make_fonts PACKAGES OUT`.

PACKAGES is the folder `@expo-google-fonts` as `npm ci` leaves it under `fonts/`, whose lock has the
hashes. `make setup` does it once; what it makes is no part of the repository. fontTools comes
with fpdf2.
"""

from __future__ import annotations

import hashlib
import io
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from fontTools import subset
from fontTools.ttLib import TTFont, sfnt

UNUSED_TABLES: Final = ["BASE", "GDEF", "GPOS", "GSUB", "STAT", "VORG", "vhea", "vmtx"]


@dataclass(frozen=True, slots=True)
class Recipe:
    """One file to make: the font in the packages, and which of its characters it keeps."""

    file: str
    source: str
    keeps: Callable[[int], bool]


SANS_SC: Final = "noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf"
SANS_TC: Final = "noto-sans-tc/400Regular/NotoSansTC_400Regular.ttf"
SERIF_SC: Final = "noto-serif-sc/600SemiBold/NotoSerifSC_600SemiBold.ttf"
SERIF_TC: Final = "noto-serif-tc/600SemiBold/NotoSerifTC_600SemiBold.ttf"

LICENCES: Final = {
    "OFL-sans.txt": "noto-sans-sc/LICENSE_FONT",
    "OFL-serif.txt": "noto-serif-sc/LICENSE_FONT",
}
"""The licence that goes with the fonts → its file in the packages."""


def _decoded(codec: str, lead: Iterable[int]) -> frozenset[int]:
    """The code points of all two-byte characters with these lead bytes."""
    found = set()
    for first in lead:
        for second in range(0x40, 0xFF):
            text = bytes([first, second]).decode(codec, errors="ignore")
            if len(text) == 1 and ord(text) >= 0x80:
                found.add(ord(text))
    return frozenset(found)


GB2312: Final = _decoded("gb2312", range(0xB0, 0xF8))
GB2312_LEVEL_1: Final = _decoded("gb2312", range(0xB0, 0xD8))
BIG5_LEVEL_1: Final = _decoded("big5", range(0xA4, 0xC7))
HAN_BEGINS: Final = 0x3400


def _common(code: int) -> bool:
    return code in GB2312 or code < HAN_BEGINS or 0xFE00 <= code < 0x10000


def _latin(code: int) -> bool:
    """Latin letters, and the punctuation of Latin and of Chinese, which differs by region."""
    return code < 0x250 or 0x2000 <= code < 0x2070 or 0x3000 <= code < 0x3020 or _wide(code)


def _wide(code: int) -> bool:
    return 0xFF00 <= code < 0x10000


RECIPES: Final = (
    Recipe("text.woff", SANS_SC, _common),
    Recipe("rare.woff", SANS_SC, lambda code: not _common(code)),
    Recipe("text-hant.woff", SANS_TC, lambda code: code in BIG5_LEVEL_1 or _latin(code)),
    Recipe("head.woff", SERIF_SC, lambda code: code in GB2312_LEVEL_1 or _latin(code)),
    Recipe("head-hant.woff", SERIF_TC, lambda code: code in BIG5_LEVEL_1 or _latin(code)),
)


def make(packages: Path, recipe: Recipe) -> bytes:
    """The font file of a recipe."""
    font = TTFont(packages / recipe.source, recalcTimestamp=False)
    options = subset.Options(hinting=False, notdef_outline=True, name_IDs=["*"])
    options.layout_features = []
    options.drop_tables = [*options.drop_tables, *UNUSED_TABLES]
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=[code for code in font.getBestCmap() if recipe.keeps(code)])
    subsetter.subset(font)
    font.flavor = "woff"
    made = io.BytesIO()
    font.save(made)
    return made.getvalue()


def contents(file: BinaryIO) -> str:
    """SHA-256 of a font's tables as they are unpacked, since each zlib packs in its own way."""
    digest = hashlib.sha256()
    with TTFont(file, lazy=True) as font:
        for tag in sorted(font.reader.keys()):
            digest.update(f"{tag} {len(font.reader[tag])}\n".encode() + font.reader[tag])
    return digest.hexdigest()


def main(packages: Path, out: Path) -> None:
    """Write all font files with their licences, and print their hashes, as `typefaces.py` records
    them."""
    sfnt.ZLIB_COMPRESSION_LEVEL = 9
    out.mkdir(parents=True, exist_ok=True)
    for recipe in RECIPES:
        data = make(packages, recipe)
        (out / recipe.file).write_bytes(data)
        sys.stdout.write(f"{recipe.file} {len(data)} {contents(io.BytesIO(data))}\n")
    for name, source in LICENCES.items():
        (out / name).write_bytes((packages / source).read_bytes())


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
