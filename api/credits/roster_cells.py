"""Cells of a roster as people write them: identifiers cleaned, names kept and compared."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from importlib.resources import files
from types import MappingProxyType
from typing import Final

COLUMNS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        column: tuple(aliases)
        for column, aliases in tomllib.loads(
            files("api.credits").joinpath("roster_columns.toml").read_text("utf-8")
        ).items()
    }
)
"""Column → what it is called in files, beside its own name."""

REQUIRED: Final = ("student_no", "name", "volunteer_no")
"""Columns without which a file is no roster."""

CELL_MAX: Final = 200
"""Most characters of a cell."""

_LINES: Final = re.compile(r"[ \t]*[\r\n\v\f\u2028\u2029]+[ \t]*")
_AS_TEXT: Final = re.compile(r'="([^"]*)"\Z')
_ASIDE: Final = re.compile(r"[(\[【].*?[)\]】]")
_BLANKS: Final = re.compile(r"[\s\u200b-\u200f\u2060\ufeff\u00ad]+")
_EXPONENT: Final = re.compile(r"[0-9]+(?:\.[0-9]*)?[eE]\+?[0-9]+\Z")
_DIGITS: Final = re.compile(r"[0-9]{16,}\Z")
_DOTS: Final = re.compile(r"[\u00b7\u2022\u30fb\u2027\uff0e\uff65\u2219\u22c5.]")

_BY_ALIAS: Final = {
    alias: column for column, aliases in COLUMNS.items() for alias in (column, *aliases)
}


def column_of(header: str) -> str | None:
    """The column that a header names; None for one that is not known. What stands in brackets
    and marks around the words do not matter."""
    plain = unicodedata.normalize("NFKC", header[:CELL_MAX])
    plain = _BLANKS.sub(" ", _ASIDE.sub(" ", plain)).strip(" *:#.").lower()
    words = plain.replace("_", " ").replace("-", " ").replace(".", " ").split()
    forms = (plain, " ".join(words), "".join(words))
    return next((_BY_ALIAS[form] for form in forms if form in _BY_ALIAS), None)


def identifier(text: str) -> str:
    """An identifier without blanks, full-width characters made plain; a leading apostrophe, by
    which spreadsheets keep text, is no part of it."""
    return _BLANKS.sub("", unicodedata.normalize("NFKC", text)).removeprefix("'")


def is_damaged(text: str) -> bool:
    """Whether a spreadsheet made a number of a long identifier: an exponent, a fraction, or zeros
    where it keeps no digits beyond fifteen."""
    return bool(
        _EXPONENT.match(text)
        or text.endswith(".0")
        or (_DIGITS.match(text) and not text[15:].strip("0"))
    )


def is_clean(text: str) -> bool:
    """Whether a cell is short enough and without control characters."""
    return len(text) <= CELL_MAX and not any(
        unicodedata.category(c) in ("Cc", "Cs", "Co", "Cn") for c in text
    )


def shown(text: str) -> str:
    """A cell as it is kept: outer blanks gone, a line break a blank, `="001"` (by which
    spreadsheets keep text in CSV) what it shows, else characters as they were written, in NFC."""
    if text.isascii() and text.isalnum():
        return text
    plain = _LINES.sub(" ", text).strip(" \t\u3000\u00a0\u200b\ufeff")
    return unicodedata.normalize("NFC", _AS_TEXT.sub(r"\1", plain))


def legible(text: str) -> str:
    """A cell that is not clean, so that a person can still see who is meant: cut, and with a mark
    for each character that cannot be shown."""
    return "".join(c if is_clean(c) else "\ufffd" for c in text[:CELL_MAX])


def same_name(one: str, other: str) -> bool:
    """Whether two spellings are one name: blanks, width and the form of a middle dot aside."""
    return _folded(one) == _folded(other)


def _folded(name: str) -> str:
    plain = _BLANKS.sub("", unicodedata.normalize("NFKC", _DOTS.sub("·", name)))
    return _DOTS.sub("·", plain).casefold()
