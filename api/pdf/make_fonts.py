"""Makes the font files in `fonts/` anew: `python -m api.pdf.make_fonts FOLDER`.

FOLDER holds the packages as `npm pack NAME@VERSION` leaves them. Not needed to print: the files are
committed. fontTools comes with fpdf2.
"""

from __future__ import annotations

import hashlib
import io
import sys
import tarfile
from base64 import b64encode
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fontTools import subset
from fontTools.ttLib import TTFont, sfnt

VERSION: Final = "0.4.3"
OUT: Final = Path(__file__).parent / "fonts"
UNUSED_TABLES: Final = ["BASE", "GDEF", "GPOS", "GSUB", "STAT", "VORG", "vhea", "vmtx"]


@dataclass(frozen=True, slots=True)
class Source:
    """A font in an npm package: the package's file name and SHA-512, the font's place in it."""

    package: str
    integrity: str
    member: str


@dataclass(frozen=True, slots=True)
class Recipe:
    """One file to make: where from, and which of the font's characters it keeps."""

    file: str
    source: Source
    keeps: Callable[[int], bool]


SANS_SC: Final = Source(
    "expo-google-fonts-noto-sans-sc",
    "9rAwdFTFHbO/u6Cs0gj2jZbW74TGIiaFNQnXYH2s5wA1bzVkwbaviL4t8YUV642eGYjg86eH6DkAEQmfNHDncQ==",
    "package/400Regular/NotoSansSC_400Regular.ttf",
)
SANS_TC: Final = Source(
    "expo-google-fonts-noto-sans-tc",
    "69XAOTLPz0WlAxL6qJEKlDMxHsBd4J1M39HjV0gPF2o1xWVALOsVWvDgistnecVockA9wbU/tH5C/gyS2PdnHg==",
    "package/400Regular/NotoSansTC_400Regular.ttf",
)
SERIF_SC: Final = Source(
    "expo-google-fonts-noto-serif-sc",
    "fSmUpiSFtSeyHV45/2xUOy5SdfExklQwwMKN3cQjAZAujITHDmSbpMHCVdCMhRqMjQtu0ZRgc29u8A+CU3akfw==",
    "package/600SemiBold/NotoSerifSC_600SemiBold.ttf",
)
SERIF_TC: Final = Source(
    "expo-google-fonts-noto-serif-tc",
    "ttIT30fA0HVxQ/Fu3jHxWfqMbH9YRfMh5eEROpScuyJ5m84sDeAns6AKxO3zfQKPkf7diC3tGMYwX1ssu9LxjQ==",
    "package/600SemiBold/NotoSerifTC_600SemiBold.ttf",
)


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


def make(folder: Path, recipe: Recipe) -> bytes:
    """The font file of a recipe. Raises `ValueError` if the package is not the pinned one."""
    packed = (folder / f"{recipe.source.package}-{VERSION}.tgz").read_bytes()
    if b64encode(hashlib.sha512(packed).digest()).decode() != recipe.source.integrity:
        raise ValueError(f"{recipe.source.package} is not the pinned package")
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        member = archive.extractfile(recipe.source.member)
        if member is None:
            raise ValueError(f"{recipe.source.member} is no file")
        font = TTFont(io.BytesIO(member.read()), recalcTimestamp=False)
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


def main(folder: Path) -> None:
    """Write all font files and print their hashes, as `typefaces.py` records them."""
    sfnt.ZLIB_COMPRESSION_LEVEL = 9
    for recipe in RECIPES:
        data = make(folder, recipe)
        (OUT / recipe.file).write_bytes(data)
        sys.stdout.write(f"{recipe.file} {len(data)} {hashlib.sha256(data).hexdigest()}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
