"""Cells of a roster as people write them: identifiers cleaned, names kept and compared."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

COLUMNS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "student_no": ("学号", "student no", "student number", "student id"),
        "name": ("姓名", "名字", "student name"),
        "volunteer_no": (
            "志愿者编号",
            "志愿者统一编号",
            "志愿编号",
            "注册编号",
            "账户地址",
            "volunteer no",
            "volunteer number",
            "registration code",
            "address",
        ),
        "college": ("学院", "院系"),
        "major": ("专业",),
        "class": ("班级",),
        "grade": ("年级",),
        "term": ("学期",),
        "id_last4": ("身份证后四位",),
        "note": ("备注",),
    }
)
"""Column → what it is called in files, beside its own name."""

REQUIRED: Final = ("student_no", "name", "volunteer_no")
"""Columns without which a file is no roster."""

CELL_MAX: Final = 200
"""Most characters of a cell."""

_BLANKS: Final = re.compile(r"[\s\u200b-\u200f\u2060\ufeff\u00ad]+")
_EXPONENT: Final = re.compile(r"[0-9]+(?:\.[0-9]*)?[eE]\+?[0-9]+\Z")
_DIGITS: Final = re.compile(r"[0-9]{16,}\Z")
_DOTS: Final = re.compile(r"[\u00b7\u2022\u30fb\u2027\uff0e\uff65\u2219\u22c5.]")

_BY_ALIAS: Final = {
    alias: column for column, aliases in COLUMNS.items() for alias in (column, *aliases)
}


def column_of(header: str) -> str | None:
    """The column that a header names; None for one that is not known."""
    plain = _BLANKS.sub(" ", unicodedata.normalize("NFKC", header)).strip(" *:：").lower()
    return _BY_ALIAS.get(plain) or _BY_ALIAS.get(plain.replace("_", " "))


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
    """A cell as it is kept: outer blanks gone, characters as they were written, in NFC."""
    return unicodedata.normalize("NFC", text).strip(" \t\u3000\u00a0\u200b\ufeff")


def same_name(one: str, other: str) -> bool:
    """Whether two spellings are one name: blanks, width and the form of a middle dot aside."""
    return _folded(one) == _folded(other)


def _folded(name: str) -> str:
    plain = _BLANKS.sub("", unicodedata.normalize("NFKC", _DOTS.sub("·", name)))
    return _DOTS.sub("·", plain).casefold()
