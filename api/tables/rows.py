"""Rows of a CSV file as people export it: every physical row is accounted for, however broken."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from api.errors import WrongUse

LINES_MAX: Final = 20
"""Most lines of one quoted row. A quote that is never closed would swallow the rest of the file."""

csv.field_size_limit(65536)


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number (1 is the first after the header) and its cells by column; `cells` is
    None for a row that has not the columns of the header."""

    number: int
    cells: dict[str, str] | None


def read_rows(lines: Iterable[str], delimiter: str, needed: Iterable[str]) -> Iterator[Row]:
    """The rows below the header. Empty lines are no rows.

    Raises `WrongUse` when the header is unreadable, repeats a column or lacks a needed one.
    """
    waiting, source = deque[str](), iter(lines)
    first = _take(waiting, source, delimiter)
    header = [name.strip() for name in first or []]
    if len(set(header)) != len(header):
        raise WrongUse("the header of the file names a column twice")
    missing = [name for name in needed if name not in header]
    if missing:
        raise WrongUse(f"the file has no column {', '.join(missing)}")
    for number, (cells, whole) in enumerate(_split(waiting, source, delimiter), 1):
        if not whole or len(cells) != len(header):
            yield Row(number, None)
        else:
            yield Row(number, dict(zip(header, cells, strict=True)))


def split_rows(lines: Iterable[str], delimiter: str) -> Iterator[tuple[list[str], bool]]:
    """The cells of each row, empty lines left out; False with those of a line whose quotes do not
    fit together, which are what stands between its delimiters."""
    return _split(deque(), iter(lines), delimiter)


def _split(
    waiting: deque[str], source: Iterator[str], delimiter: str
) -> Iterator[tuple[list[str], bool]]:
    while waiting or (line := next(source, None)) is not None:
        if not waiting:
            assert line is not None
            waiting.append(line)
        first = waiting[0]
        if not first.strip():
            waiting.popleft()
            continue
        cells = _take(waiting, source, delimiter)
        yield (first.split(delimiter), False) if cells is None else (cells, True)


def _take(waiting: deque[str], source: Iterator[str], delimiter: str) -> list[str] | None:
    """The cells of the next row; None when its first line can't be read, which is then taken alone.

    Lines are read ahead only while a quote is open, and each is looked at once.
    """
    taken: list[str] = []

    def some() -> Iterator[str]:
        while len(taken) < LINES_MAX:
            line = waiting.popleft() if waiting else next(source, None)
            if line is None:
                return
            taken.append(line)
            yield line

    try:
        return next(csv.reader(some(), delimiter=delimiter, strict=True), None)
    except csv.Error:
        waiting.extendleft(reversed(taken[1:]))
        return None
