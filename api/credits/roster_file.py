"""Read a roster: CSV in any encoding that universities use, or XLSX. Nothing is repaired.

What was taken for its encoding and its delimiter is told, so that nothing is guessed in silence.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import chain, islice
from typing import Any, Final

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from api.attendance.rows import read_rows
from api.credits.roster_cells import REQUIRED, column_of, shown
from api.errors import WrongUse

BYTES_MAX: Final = 64 * 1024 * 1024
"""Longest file: 50,000 rows have some 5 million bytes."""

UNPACKED_MAX: Final = 128 * 1024 * 1024
"""Most bytes that a workbook may unpack to."""

ROWS_MAX: Final = 200_000
"""Most rows of a roster."""

COLUMNS_MAX: Final = 64
"""Most columns of a workbook that are looked at."""

HEADER_ROWS: Final = 8
"""How far down the header is looked for: some put a title above it."""

_MARKS: Final = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_DELIMITERS: Final = (",", "\t", ";", "，")


@dataclass(frozen=True, slots=True)
class RosterRow:
    """A row (numbered from 1 after the header): cells by column; None where they do not fit the
    header. `numbers` names the columns that a workbook holds as numbers."""

    number: int
    cells: dict[str, str] | None
    numbers: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class RosterFile:
    """A roster as it was read: SHA-256 of its bytes, how it was taken, the columns that nobody
    knows, its rows."""

    hash: bytes
    form: str
    unknown: tuple[str, ...]
    rows: tuple[RosterRow, ...]


Line = list[Any] | None
"""The cells of a row as they stand; None for one that has not the columns of the header."""


@dataclass(frozen=True, slots=True)
class _Table:
    """How a file was taken, its first rows, and what is below one of them that has a width."""

    form: str
    first: list[list[Any]]
    below: Callable[[int, int], Iterator[Line]]


def read_roster(data: bytes) -> RosterFile:
    """The roster in the bytes of a file. Raises `WrongUse` for what is none."""
    if len(data) > BYTES_MAX:
        raise WrongUse(f"名单文件过大 the roster has more than {BYTES_MAX >> 20} MiB")
    table = _workbook(data) if data.startswith(b"PK\x03\x04") else _text(data)
    place, header = _header(table.first)
    names = [column_of(text) for text in header]
    _demand_columns([name for name in names if name])
    unknown = (t for t, name in zip(header, names, strict=True) if t.strip() and name is None)
    lines = table.below(place, len(names))
    rows = tuple(islice(_rows(lines, names), ROWS_MAX + 1))
    if len(rows) > ROWS_MAX:
        raise WrongUse(f"名单行数过多 a roster has at most {ROWS_MAX} rows")
    return RosterFile(sha256(data).digest(), table.form, tuple(unknown), rows)


def _text(data: bytes) -> _Table:
    encoding, text = _decoded(data)
    lines = io.StringIO(text, newline="").readlines()
    head = "".join(lines[:HEADER_ROWS])
    delimiter = max(_DELIMITERS, key=head.count)
    first = [next(csv.reader([line], delimiter=delimiter), []) for line in lines[:HEADER_ROWS]]

    def below(place: int, width: int) -> Iterator[Line]:
        # Real headers name columns twice, or not at all: their places are their names here.
        header = delimiter.join(map(str, range(width))) + "\n"
        for row in read_rows(chain([header], lines[place + 1 :]), delimiter, ()):
            yield None if row.cells is None else list(row.cells.values())

    return _Table(f"CSV, {encoding}, {delimiter!r}", first, below)


def _decoded(data: bytes) -> tuple[str, str]:
    marked = next((name for mark, name in _MARKS if data.startswith(mark)), None)
    for name in (marked,) if marked else ("utf-8", "gb18030"):
        try:
            text = data.decode(name)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return name, text
    raise WrongUse("无法识别名单的编码 the roster is neither UTF-8 nor GBK nor UTF-16")


def _workbook(data: bytes) -> _Table:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(info.file_size for info in packed.infolist()) > UNPACKED_MAX:
                raise WrongUse("名单解压后过大 the workbook unpacks to too much")
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        rows = sheet.iter_rows(max_col=COLUMNS_MAX, max_row=ROWS_MAX * 2, values_only=True)
        lines = [list(row) for row in islice(rows, ROWS_MAX + HEADER_ROWS + 1)]
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, OSError) as error:
        raise WrongUse(f"不是可读的工作簿 no workbook that can be read: {error}") from error
    first = [["" if c is None else str(c) for c in line] for line in lines[:HEADER_ROWS]]

    def below(place: int, width: int) -> Iterator[Line]:
        for line in lines[place + 1 :]:
            beyond = any(cell not in (None, "") for cell in line[width:])
            yield None if beyond else line[:width]

    return _Table(f"XLSX, {sheet.title}", first, below)


def _header(first: list[list[Any]]) -> tuple[int, list[str]]:
    """The place of the header, and its texts."""
    for place, texts in enumerate(first):
        if len({"student_no", "name"}.intersection(map(column_of, texts))) == 2:
            return place, texts
    raise WrongUse(
        "名单没有表头 no header with 学号, 姓名 and 志愿者编号 (student_no, name, volunteer_no)"
    )


def _demand_columns(known: list[str]) -> None:
    missing = [name for name in REQUIRED if name not in known]
    if missing:
        raise WrongUse(f"名单缺少列 the roster has no column {', '.join(missing)}")
    if len(set(known)) != len(known):
        raise WrongUse("名单有两列同名 the roster names a column twice")


def _rows(lines: Iterable[Line], names: list[str | None]) -> Iterator[RosterRow]:
    number = 0
    for line in lines:
        if line is not None and not any(cell not in (None, "") for cell in line):
            continue
        number += 1
        if line is None:
            yield RosterRow(number, None)
            continue
        pairs = [(name, cell) for name, cell in zip(names, line, strict=False) if name]
        numbers = frozenset(name for name, cell in pairs if isinstance(cell, int | float))
        yield RosterRow(number, {name: _written(cell) for name, cell in pairs}, numbers)


def _written(cell: object) -> str:
    """A cell as text; a whole number that a workbook holds without a decimal point."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 10**15:
        return str(int(cell))
    return shown(str(cell))
