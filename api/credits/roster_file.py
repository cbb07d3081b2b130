"""Read a roster: CSV in any encoding that universities use, XLSX or ODS. Nothing is repaired.

What was taken for its encoding, its delimiter and its sheet is told, so that nothing is guessed in
silence. How much work a file may be is bounded (`api.credits.budget`) before it is done.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from typing import Final

from api.credits.budget import Budget
from api.credits.roster_cells import REQUIRED, column_of, shown
from api.credits.roster_codes import Note
from api.credits.roster_text import delimiter_of, readings, text_rows
from api.credits.workbook import MAGIC, Workbook
from api.credits.workbook_sheet import Cell
from api.errors import WrongUse
from api.words import both

BYTES_MAX: Final = 64 * 1024 * 1024
"""Longest file: 50,000 rows have some 5 million bytes."""

ROWS_MAX: Final = 200_000
"""Most rows of a roster, blank ones not counted."""

HEADER_ROWS: Final = 8
"""How far down the header is looked for: some put a title above it."""

_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PDF: Final = b"%PDF-"


@dataclass(frozen=True, slots=True)
class RosterRow:
    """A row (numbered from 1 after the header): cells by column; `fits` is False where they are
    not the columns of the header, and are told as far as they go. `numbers` names the columns that
    a workbook holds as numbers."""

    number: int
    cells: dict[str, str]
    numbers: frozenset[str] = frozenset()
    fits: bool = True


@dataclass(frozen=True, slots=True)
class RosterFile:
    """A roster as it was read: SHA-256 of its bytes, how it was taken, the columns that nobody
    knows, its rows, and what is worth a look."""

    hash: bytes
    form: str
    unknown: tuple[str, ...]
    rows: tuple[RosterRow, ...]
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class _Line:
    """The cells of a row as they stand; `whole` is False where its quotes do not fit together."""

    cells: list[Cell]
    whole: bool = True


@dataclass(frozen=True, slots=True)
class _Table:
    """A table with a header: how it was taken, the texts of the header, the column that each
    names, and the lines below. `ragged`: a short row is as good as a long one, since a workbook
    leaves out blank cells."""

    form: str
    header: list[str]
    columns: list[str | None]
    below: Iterator[_Line]
    ragged: bool

    @property
    def missing(self) -> list[str]:
        """Columns without which it is no roster."""
        return [name for name in REQUIRED if name not in self.columns]


def read_roster(data: bytes, budget: Budget | None = None) -> RosterFile:
    """The roster in the bytes of a file. Raises `WrongUse` for what is none, and for one that
    would take more work than the budget."""
    if len(data) > BYTES_MAX:
        raise WrongUse(both("the roster has more than {mib} MiB", mib=BYTES_MAX >> 20))
    budget = budget or Budget()
    table, others = _workbook(data, budget) if data.startswith(MAGIC) else _text(data, budget)
    names = table.columns
    if len(set(filter(None, names))) != len(list(filter(None, names))):
        raise WrongUse(both("the roster names a column twice"))
    lost = False
    rows: list[RosterRow] = []
    for line in table.below:
        if any(cell.text for cell in line.cells):
            rows.append(_row(len(rows) + 1, line, names, table.ragged))
            student = _named(line.cells, names).get("student_no")
            lost = lost or (student is not None and student.number and not student.zeros)
        if len(rows) > ROWS_MAX:
            raise WrongUse(both("a roster has at most {count} rows", count=ROWS_MAX))
    notes = [Note("SHEETS_NOT_READ", ", ".join(others))] if others else []
    notes += [Note("STUDENT_NO_IS_NUMBER")] if lost else []
    pairs = zip(table.header, names, strict=True)
    unknown = tuple(text for text, name in pairs if text.strip() and name is None)
    return RosterFile(sha256(data).digest(), table.form, unknown, tuple(rows), tuple(notes))


def _text(data: bytes, budget: Budget) -> tuple[_Table, list[str]]:
    if data.startswith(_OLE):
        raise WrongUse(
            both(
                "this is an old .xls or an encrypted workbook: save it as .xlsx, without a password"
            )
        )
    if data.startswith(_PDF):
        raise WrongUse(both("this is a PDF: send the table itself"))
    seen = []
    for encoding, text in readings(data):
        delimiter = delimiter_of(text)
        lines = (
            _Line([Cell(shown(cell)) for cell in cells], whole)
            for cells, whole in text_rows(text, delimiter, budget)
        )
        form = f"CSV, {encoding}, {delimiter!r}"
        table = _table(form, lines, ragged=False)
        if table is not None:
            return _complete(table), []
        seen.append(form)
    raise _no_header("; ".join(seen))


def _workbook(data: bytes, budget: Budget) -> tuple[_Table, list[str]]:
    """The first table with all that is needed, else the first with a header; and the names of the
    other sheets with a header."""
    workbook = Workbook(data, budget)
    kind = "ODS" if workbook.is_ods else "XLSX"
    chosen: _Table | None = None
    found: list[str] = []
    seen: list[str] = []
    chosen_name = ""
    for sheet in workbook.sheets():
        seen.append(sheet.name)
        table = _table(f"{kind}, {sheet.name}", map(_Line, sheet.rows), ragged=True)
        if table is None:
            continue
        found.append(sheet.name)
        if chosen is None or (chosen.missing and not table.missing):
            chosen, chosen_name = table, sheet.name
    if chosen is None:
        raise _no_header(f"{kind}: {', '.join(seen)}")
    return _complete(chosen), [name for name in found if name != chosen_name]


def _table(form: str, lines: Iterator[_Line], *, ragged: bool) -> _Table | None:
    """The table whose header is among the first rows; None where none is."""
    for line in islice((line for line in lines if line.cells), HEADER_ROWS):
        texts = [cell.text for cell in line.cells]
        columns = [column_of(text) for text in texts]
        if {"student_no", "name"} <= set(columns):
            return _Table(form, texts, _once(columns), lines, ragged)
    return None


def _once(columns: list[str | None]) -> list[str | None]:
    """The columns, an optional one that is named twice once: many name college and faculty."""
    seen: set[str | None] = set()
    found: list[str | None] = []
    for name in columns:
        found.append(None if name in seen and name not in REQUIRED else name)
        seen.add(name)
    return found


def _complete(table: _Table) -> _Table:
    if table.missing:
        missing = ", ".join(table.missing)
        said = both("the roster ({form}) has no column {missing}", form=table.form, missing=missing)
        raise WrongUse(said)
    return table


def _no_header(seen: str) -> WrongUse:
    return WrongUse(
        both(
            "no header with student_no, name and volunteer_no (or their usual names) in {seen}",
            seen=seen,
        )
    )


def _row(number: int, line: _Line, names: list[str | None], ragged: bool) -> RosterRow:
    named = _named(line.cells, names)
    beyond = any(cell.text for cell in line.cells[len(names) :])
    fits = line.whole and not beyond and (ragged or len(line.cells) == len(names))
    cells = {name: cell.text for name, cell in named.items()}
    if fits:
        cells |= {name: "" for name in names if name and name not in cells}
    numbers = frozenset(name for name, cell in named.items() if cell.number)
    return RosterRow(number, cells, numbers, fits)


def _named(cells: list[Cell], names: list[str | None]) -> dict[str, Cell]:
    return {name: cell for name, cell in zip(names, cells, strict=False) if name}
