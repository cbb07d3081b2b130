"""CSV that a spreadsheet opens as it is meant: UTF-8 with a mark, CRLF, and never a formula."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from io import StringIO
from typing import Final

BOM: Final = b"\xef\xbb\xbf"
"""What tells a spreadsheet that a file is UTF-8."""

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def plain(text: str) -> str:
    """Never a formula: spreadsheets run cells that begin with these characters."""
    return "'" + text if text.startswith(_FORMULA) else text


def csv_line(cells: Iterable[str]) -> bytes:
    """One line, every cell in quotes."""
    out = StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([plain(cell) for cell in cells])
    return out.getvalue().encode()


def csv_file(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterable[bytes]:
    """The bytes of a file, line by line."""
    yield BOM + csv_line(header)
    for row in rows:
        yield csv_line(row)
