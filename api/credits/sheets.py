"""A report as tables for a registrar: one of students, one of records; CSV or one workbook."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final, Generic, TypeVar

from openpyxl import Workbook

from api.credits.matched import Matched
from api.credits.roster_cells import COLUMNS
from api.credits.roster_codes import CODES
from api.node.local_days import LocalDays
from api.tables.csv_cells import csv_file, plain
from api.words import chinese
from ledger.core.credits.reasons import REASONS
from ledger.core.credits.report import MATCHED, parse_line
from ledger.core.credits.rules import parse_rules
from ledger.core.format.structs import decode_body
from ledger.core.kinds.attendance import Activity
from ledger.core.kinds.registry import Genesis
from ledger.core.kinds.services import Service
from ledger.core.proofs.transcript import parse_transcript
from ledger.core.records.record import ledger_id, record_id

T = TypeVar("T")
Cell = str | int | float | None
Row = Sequence[Cell]


@dataclass(frozen=True, slots=True)
class Column(Generic[T]):
    """A column of a table: its name in the header, and its cell in the row of a thing."""

    name: str
    value: Callable[[T], Cell]


@dataclass(frozen=True)
class Tables:
    """The tables of a report: its head (JSON), a way to read its lines again, the names of
    organisations by address, where records are shown."""

    head: Mapping[str, Any]
    lines: Callable[[], Iterable[Mapping[str, Any]]]
    name_of: Callable[[str], str]
    record_url: Callable[[str], str]
    report_id: str

    @cached_property
    def ledger(self) -> bytes:
        """The ledger's id."""
        return ledger_id(decode_body(Genesis, self.head["genesis"], "genesis"))

    @cached_property
    def days(self) -> LocalDays:
        """The days of the rules' own offset from UTC."""
        return LocalDays(parse_rules(self.head["rules"]).utc_offset_minutes)

    @cached_property
    def last_block(self) -> int | None:
        """The highest block that holds an anchor of the report; None without any."""
        return max((anchor["block_number"] for anchor in self.head["anchors"]), default=None)

    def students(self) -> Iterator[Row]:
        """A row for each row of the roster."""
        for line in self.lines():
            yield _row(_STUDENT, _Student(self, line))

    def records(self) -> Iterator[Row]:
        """A row for each record of each student."""
        for line in self.lines():
            if line["evaluation"] is not None:
                yield from (_row(_RECORD, record) for record in self._records_of(line))

    def _records_of(self, line: Mapping[str, Any]) -> Iterator[_Record]:
        parsed = parse_line(line)
        told = parse_transcript(parsed.transcript(self.head))
        activities = {record_id(self.ledger, a): a for a in parsed.activities}
        pairs = zip(told.own_services(), line["evaluation"]["records"], strict=True)
        for (place, service), judged in pairs:
            activity = activities.get(service.activity)
            entry = told.entries[place]
            whose, entered = line["student"], entry.accepted_at
            yield _Record(self, whose, service, activity, entered, entry.flags, judged)


@dataclass(frozen=True, slots=True)
class _Student:
    """A row of the roster in its report."""

    tables: Tables
    line: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Record:
    """A service of a student, when it was entered (Unix s), its flags, and what it came to."""

    tables: Tables
    student: Mapping[str, str]
    service: Service
    activity: Activity | None
    entered_at: int
    flags: Sequence[str]
    judged: Mapping[str, Any]


def _cell_of(name: str) -> Column[_Student]:
    return Column(name, lambda s: s.line["student"].get(name, ""))


def _evaluated(name: str, value: Callable[[Mapping[str, Any]], Cell]) -> Column[_Student]:
    """A column of the evaluation; empty for a row that was not matched."""

    def cell(student: _Student) -> Cell:
        evaluation = student.line["evaluation"]
        return None if evaluation is None else value(evaluation)

    return Column(name, cell)


_STUDENT: Final[tuple[Column[_Student], ...]] = (
    *(_cell_of(name) for name in COLUMNS),
    Column("match_status", lambda s: s.line["match_status"]),
    Column("match_reason", lambda s: said(CODES, s.line["match_code"])),
    _evaluated("counted_minutes", lambda e: e["counted_minutes"]),
    _evaluated("counted_hours", lambda e: round(e["counted_minutes"] / 60, 2)),
    _evaluated("credits", lambda e: e["credit_hundredths"] / 100),
    _evaluated("passed", lambda e: "yes" if e["passed"] else "no"),
    _evaluated("shortfall_minutes", lambda e: e["shortfall_minutes"]),
    _evaluated("credit_minutes", lambda e: e["credit_minutes"]),
    _evaluated("honour_minutes", lambda e: e["honour_minutes"]),
    _evaluated("excluded_minutes", lambda e: e["recorded_minutes"] - e["counted_minutes"]),
    _evaluated("reasons", lambda e: reasons(e["excluded"])),
    _evaluated("record_count", lambda e: len(e["records"])),
    _evaluated("earlier_credits", lambda e: e["earlier_hundredths"] / 100),
    Column("last_anchor_block", lambda s: s.tables.last_block),
    Column("as_of_batch", lambda s: s.tables.head["statement"]["batch"]),
    Column("report_id", lambda s: s.tables.report_id),
)
"""Columns of the table of students: those of the roster, then what came of each. Minutes count both
classes once; credit and honour minutes stand apart."""

_RECORD: Final[tuple[Column[_Record], ...]] = (
    Column("student_no", lambda r: r.student.get("student_no", "")),
    Column("name", lambda r: r.student.get("name", "")),
    Column("record_id", lambda r: r.judged["record_id"]),
    Column("activity", lambda r: r.activity.title if r.activity else ""),
    Column("category", lambda r: r.activity.category if r.activity else ""),
    Column("organisation", lambda r: r.tables.name_of(r.service.organisation)),
    Column("date", lambda r: f"{r.tables.days.local(r.service.started_at):%Y-%m-%d}"),
    Column("minutes", lambda r: r.service.minutes),
    Column("hour_class", lambda r: r.service.hour_class),
    Column("counted_minutes", lambda r: r.judged["counted_minutes"]),
    Column("reasons", lambda r: reasons(r.judged["excluded"])),
    Column("entered_days_later", lambda r: max(0, r.entered_at - r.service.ended_at) // 86400),
    Column("flags", lambda r: " ".join(r.flags)),
    Column("proof", lambda r: r.tables.record_url(r.judged["record_id"])),
)
"""Columns of the table of records."""

STUDENT_COLUMNS: Final = tuple(column.name for column in _STUDENT)
RECORD_COLUMNS: Final = tuple(column.name for column in _RECORD)


def _row(columns: Iterable[Column[T]], thing: T) -> Row:
    return [column.value(thing) for column in columns]


def said(words: Mapping[str, str], code: str | None) -> str:
    """A code with its Chinese words; empty for none."""
    if code is None:
        return ""
    return f"{code} {chinese(words[code])}" if code in words else code


def reasons(excluded: Mapping[str, int]) -> str:
    """Reasons with their minutes, as one text."""
    return "; ".join(f"{code} {minutes}" for code, minutes in excluded.items())


def students_csv(tables: Tables) -> Iterator[bytes]:
    """The table of students as CSV, in pieces."""
    yield from csv_file(STUDENT_COLUMNS, map(_texts, tables.students()))


def records_csv(tables: Tables) -> Iterator[bytes]:
    """The table of records as CSV, in pieces."""
    yield from csv_file(RECORD_COLUMNS, map(_texts, tables.records()))


def rejected_csv(rows: Iterable[Matched]) -> Iterator[bytes]:
    """The rows that were not matched, with the reason in both languages, to mend and send again."""
    header = (*COLUMNS, "row", "match_status", "code", "reason_zh", "reason_en")
    yield from csv_file(header, (_rejected(row) for row in rows if row.status != MATCHED))


def _rejected(row: Matched) -> list[str]:
    cells = [row.student.get(column, "") for column in COLUMNS]
    code = row.code or ""
    why = CODES.get(code, "")
    return [*cells, str(row.row), row.status, code, chinese(why), why]


def write_workbook(tables: Tables, out: Path) -> None:
    """The whole report as a workbook: about it, students, records, what the reasons mean."""
    workbook = Workbook(write_only=True)
    stated, rules = tables.head["statement"], tables.head["rules"]
    about = [
        ("report_id", tables.report_id),
        *((name, str(value)) for name, value in stated.items()),
        ("rules_title", rules["title"]["zh"]),
        ("rules_version", rules["version"]),
    ]
    parts: list[tuple[str, Sequence[str], Iterable[Row]]] = [
        ("about", ("field", "value"), about),
        ("students", STUDENT_COLUMNS, tables.students()),
        ("records", RECORD_COLUMNS, tables.records()),
        (
            "reasons",
            ("code", "zh", "en"),
            ((c, chinese(text), text) for c, text in REASONS.items()),
        ),
    ]
    for title, header, rows in parts:
        sheet = workbook.create_sheet(title)
        sheet.freeze_panes = "A2"
        sheet.append(list(header))
        for row in rows:
            sheet.append([plain(cell) if isinstance(cell, str) else cell for cell in row])
    workbook.save(out)


def _texts(row: Row) -> list[str]:
    return [
        f"{cell:.2f}" if isinstance(cell, float) else "" if cell is None else str(cell)
        for cell in row
    ]
