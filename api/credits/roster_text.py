"""Rosters as text: CSV in the encodings and with the delimiters that universities use."""

from __future__ import annotations

import io
from collections.abc import Iterator
from itertools import islice
from typing import Final

from api.credits.budget import Budget
from api.errors import WrongUse
from api.tables.rows import split_rows
from api.words import both

HEADER_LINES: Final = 8
"""So many lines tell the delimiter."""

LINE_MAX: Final = 100_000
"""Most characters of a line."""

_MARKS: Final = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_ENCODINGS: Final = ("utf-8", "gb18030", "big5hkscs")
_DELIMITERS: Final = (",", "\t", ";", "，")


def readings(data: bytes) -> Iterator[tuple[str, str]]:
    """(encoding, text) of each encoding that the bytes can be, the likeliest first. Bytes of Big5
    are often GB18030 too: what is no roster in one may be one in the next. Raises `WrongUse` where
    they can be none."""
    marked = next((name for mark, name in _MARKS if data.startswith(mark)), None)
    found = False
    for name in (marked,) if marked else _ENCODINGS:
        try:
            text = data.decode(name)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            found = True
            yield name, text
    if not found:
        raise WrongUse(
            both(
                "the roster is neither UTF-8 nor GBK, Big5 or UTF-16: save it as .xlsx or CSV UTF-8"
            )
        )


def delimiter_of(text: str) -> str:
    """What most often parts the cells of the first lines."""
    head = "".join(islice(io.StringIO(text, newline=""), HEADER_LINES))
    return max(_DELIMITERS, key=head.count)


def text_rows(text: str, delimiter: str, budget: Budget) -> Iterator[tuple[list[str], bool]]:
    """The cells of each row; False with those whose quotes do not fit together. Raises `WrongUse`
    for a line that is too long, and beyond the budget: each line costs a step, also an empty one,
    and so does each cell."""

    def lines() -> Iterator[str]:
        for line in io.StringIO(text, newline=""):
            budget.spend()
            if len(line) > LINE_MAX:
                raise WrongUse(both("a line has more than {count} characters", count=LINE_MAX))
            yield line

    for cells, whole in split_rows(lines(), delimiter):
        budget.spend(len(cells))
        yield cells, whole
