"""An import from file to file: the export is a stream, the result has a line for every row."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import TextIOWrapper
from pathlib import Path
from typing import Final

from api.attendance.importer import Import, Outcome
from api.attendance.mapping import AttendanceMap, read_map
from api.errors import WrongUse
from api.node.directory import LedgerDir
from api.tables.csv_cells import plain
from api.tables.rows import Row, read_rows

COLUMNS: Final = (
    "row",
    "outcome",
    "code",
    "reason",
    "reason_zh",
    "record_id",
    "hour_class",
    "minutes",
    "known",
)
"""Columns of a result: `outcome` is accepted or refused; `known` marks a record that was in the
ledger before this run."""

Step = Callable[[int, int], None]
"""(bytes read, bytes in all) of the file."""


@dataclass(slots=True)
class Tally:
    """Rows by (outcome, class or code), and accepted minutes by class."""

    rows: Counter[tuple[str, str]] = field(default_factory=Counter)
    minutes: Counter[str] = field(default_factory=Counter)

    def add(self, outcome: Outcome) -> None:
        """Count one row."""
        self.rows[outcome.word, outcome.code or outcome.hour_class or "activity"] += 1
        if outcome.hour_class:
            self.minutes[outcome.hour_class] += outcome.minutes


@contextmanager
def open_rows(export: Path, mapping: AttendanceMap, step: Step) -> Iterator[Iterator[Row]]:
    """The rows of an export. Raises `WrongUse` for a file or a header that cannot be used."""
    try:
        size = export.stat().st_size
        # A byte that is not in the encoding must cost its own row, not the file.
        with (
            export.open("rb") as raw,
            TextIOWrapper(raw, mapping.encoding, "surrogateescape", newline="") as file,
        ):
            lines = _watched(file, lambda: step(raw.tell(), size))
            yield read_rows(lines, mapping.delimiter, mapping.columns())
    except (OSError, UnicodeError) as error:
        raise WrongUse(f"{export}: {error}") from error


def import_file(
    home: LedgerDir,
    export: Path,
    map_file: Path,
    result: Path | None,
    step: Step,
    keep: Callable[[Row], bool] = lambda _: True,
) -> Tally:
    """Import the rows of an export that are to be kept; a line of `result` for each. Raises
    `WrongUse` for a file, a header or a map that cannot be used; never for a row."""
    mapping = read_map(map_file)
    tally = Tally()
    with open_rows(export, mapping, step) as rows:
        outcomes = Import(home, mapping).run(filter(keep, rows))
        counted = _counted(outcomes, tally)
        if result is None:
            for _ in counted:
                pass
        else:
            _write(result, counted)
    return tally


def _watched(lines: Iterable[str], look: Callable[[], None]) -> Iterator[str]:
    for number, line in enumerate(lines):
        if number % 256 == 0:
            look()
        yield line
    look()


def _counted(outcomes: Iterable[Outcome], tally: Tally) -> Iterator[Outcome]:
    for outcome in outcomes:
        tally.add(outcome)
        yield outcome


def _write(result: Path, outcomes: Iterable[Outcome]) -> None:
    """Beside its place first: a result that is there is whole."""
    beside = result.with_name(result.name + ".part")
    with beside.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for outcome in outcomes:
            writer.writerow(_line(outcome))
    beside.replace(result)


def _line(outcome: Outcome) -> tuple[str, ...]:
    return (
        str(outcome.row),
        outcome.word,
        outcome.code,
        plain(outcome.reason),
        plain(outcome.reason_zh),
        "0x" + outcome.record_id.hex() if outcome.record_id else "",
        outcome.hour_class,
        str(outcome.minutes) if outcome.hour_class else "",
        "yes" if outcome.known else "",
    )
